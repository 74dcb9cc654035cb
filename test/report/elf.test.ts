import {expect, test} from 'vitest'
import type {ElfFile} from '../../src/model/facts.js'
import {columnsOf} from '../../src/report/columns.js'
import {type ElfListing, elfFormats} from '../../src/report/elf.js'
import {hardeningRules} from '../../src/rules/hardening/index.js'
import {runRules} from '../../src/rules/run.js'
import {elfFileOf, factsOf} from '../support/facts.js'
import {terminalCommands} from '../support/piton.js'
import {hostileNames} from '../support/reports.js'

function listingOf(files: readonly ElfFile[], lookedAt = files.length): ElfListing {
  const findings = runRules(hardeningRules, factsOf({elfFiles: files, packages: []}), {image: null, layers: []})
  return {files, lookedAt, findings}
}

async function textOf(listing: ElfListing, width = 80, color = false, format = 'table'): Promise<string> {
  return (await elfFormats.get(format)?.render(listing, {width, color})) ?? ''
}

const unknown = {verdict: 'unknown' as const, evidence: 'cut short'}
const none = {verdict: 'not-applicable' as const, evidence: ''}
const usual = [
  elfFileOf({path: 'usr/bin/app'}),
  elfFileOf({
    path: 'usr/bin/server',
    type: 'executable',
    libc: 'glibc',
    language: 'go',
    hardening: {
      pie: {verdict: 'no', evidence: ''},
      stackProtector: none,
      relro: {verdict: 'no', value: 'partial', evidence: ''},
    },
  }),
  elfFileOf({
    path: 'usr/lib/a/long/path/to/a/library/that/is/libdamaged.so.1',
    type: 'shared',
    runpath: ['/tmp/lib'],
    hardening: {
      pie: none,
      relro: unknown,
      runPath: {verdict: 'no', value: '/tmp/lib', evidence: 'DT_RUNPATH: "/tmp/lib" is in /tmp'},
    },
  }),
]

test('the table on 80 columns: the name of a long path stays', async () => {
  expect(
    await textOf(listingOf(usual, 12)),
  ).toBe(`  FILE                  TYPE        PIE  CANARY  RELRO    NX   FORTIFY  RUN PATH
  usr/bin/app           pie         yes  yes     full     yes  n/a
  usr/bin/server        executable  no   n/a     partial  yes  n/a
  …/is/libdamaged.so.1  shared      n/a  yes     ?        yes  n/a      no

3 ELF files among 12 files. ?: the file does not tell. n/a: does not apply to
such a file.
3 findings: 1 high, 1 medium, 1 low.

  high      PT2006 Libraries are loaded from an unsafe folder:
            usr/lib/a/long/path/to/a/library/that/is/libdamaged.so.1
  medium    PT2001 Program is loaded at a fixed address: usr/bin/server
  low       PT2003 Function addresses stay writable: no full RELRO:
            usr/bin/server

\`piton explain ID\` tells why and how to fix it.
`)
})

test('where there is room, also the C library, the language and the run path', async () => {
  const [title] = (await textOf(listingOf(usual), 170)).split('\n')
  expect(title).toMatch(/RUN PATH {2}LIBC {3}LANGUAGE {2}LIBRARIES FROM$/)
})

for (const width of [72, 80, 100, 140, 200]) {
  test(`no line is longer than ${width} columns`, async () => {
    const files = [...usual, elfFileOf({path: '日本語のパッケージ名'}), elfFileOf({path: `z${'\u0301'.repeat(500)}`})]
    for (const line of (await textOf(listingOf(files), width)).split('\n'))
      expect(columnsOf(line), line).toBeLessThanOrEqual(width)
  })
}

test('colour only where it was asked for, and yes, no, unknown and n/a differ', async () => {
  const colored = await textOf(listingOf(usual), 80, true)
  expect(colored.replace(/\u001b\[[\d;]*m/g, '')).toBe(await textOf(listingOf(usual)))
  for (const cell of ['\u001b[32myes', '\u001b[31mno', '\u001b[33m?', '\u001b[2mn/a']) expect(colored).toContain(cell)
})

test('nothing found, and nothing there', async () => {
  expect(await textOf(listingOf([], 3))).toBe('0 ELF files among 3 files.\nNo findings.\n')
})

for (const format of elfFormats.keys()) {
  test(`${format}: a terminal obeys no name`, async () => {
    const files = hostileNames.map(path => elfFileOf({path, runpath: [path], language: 'c'}))
    expect(await textOf(listingOf(files), 80, false, format)).not.toMatch(terminalCommands)
  })
}
