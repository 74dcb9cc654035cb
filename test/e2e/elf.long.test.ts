import {execFileSync} from 'node:child_process'
import {chmodSync, linkSync, mkdirSync, readFileSync, symlinkSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import Ajv from 'ajv/dist/2020.js'
import {expect, test} from 'vitest'
import {elfOf} from '../support/elf.js'
import {oneErrorLine, piton, temporaryFolder, terminalCommands} from '../support/piton.js'
import {shared} from '../support/shared.js'

const schema: {readonly $id: string} = JSON.parse(
  readFileSync(new URL('../../data/report.schema.json', import.meta.url), 'utf8'),
)
const ajv = new Ajv.Ajv2020({strict: true, allowUnionTypes: true, allErrors: true}).addSchema(schema)
const isFile = ajv.compile({$ref: `${schema.$id}#/$defs/file`})

const hardened = elfOf({relro: true, dynamic: [[24, 0]]}).bytes
const stackExecutable = elfOf({relro: true, dynamic: [[24, 0]], stackFlags: 7}).bytes

function folder(): string {
  const root = temporaryFolder()
  mkdirSync(join(root, 'lib'))
  writeFileSync(join(root, 'app'), hardened, {mode: 0o755})
  writeFileSync(join(root, 'lib/bad.so'), stackExecutable)
  writeFileSync(join(root, 'script'), '#!/bin/sh\n')
  writeFileSync(join(root, 'short'), '\u007fELF')
  symlinkSync('app', join(root, 'link'))
  symlinkSync('.', join(root, 'loop'))
  execFileSync('mkfifo', [join(root, 'pipe')])
  return root
}

test('one row a file, and what is missing below', async () => {
  const root = folder()
  const {code, stdout, stderr} = await piton(['elf', 'app', 'lib/bad.so'], {cwd: root, env: {COLUMNS: '80'}})
  expect(stderr).toBe('')
  expect(stdout).toBe(`  FILE        TYPE  PIE  CANARY  RELRO  NX   FORTIFY  LIBC  LANGUAGE
  app         pie   yes  ?       full   yes  n/a      musl  c
  lib/bad.so  pie   yes  ?       full   no   n/a      musl  c

2 ELF files. ?: the file does not tell. n/a: does not apply to such a file.
1 finding: 1 high.

  high      PT2004 File asks for an executable stack: lib/bad.so

\`piton explain ID\` tells why and how to fix it.
`)
  expect(code).toBe(0)
})

test('a folder: links are not followed, pipes not opened, what is not ELF passed over', async () => {
  const root = folder()
  const {code, stdout, stderr} = await piton(['elf', root, '-o', 'json'])
  const {schemaVersion, files, ...rest} = JSON.parse(stdout)
  expect([schemaVersion, rest]).toEqual([1, {}])
  expect(files.map(({path}: {path: string}) => path)).toEqual([join(root, 'app'), join(root, 'lib/bad.so')])
  for (const file of files) {
    isFile(file)
    expect(isFile.errors ?? []).toEqual([])
  }
  expect(stderr).toMatch(/^piton: warning: \S+: short: the ELF header needs .*\n$/)
  expect(code).toBe(0)
})

test('hard links to one file are one row and one finding, and all in the JSON', async () => {
  const root = temporaryFolder()
  writeFileSync(join(root, 'busybox'), stackExecutable)
  for (const name of ['ash', 'cat', 'ls']) linkSync(join(root, 'busybox'), join(root, name))
  const report = join(temporaryFolder(), 'out.json')
  const {stdout} = await piton(['elf', root, '-o', 'table', '-o', `json=${report}`])
  expect(stdout).toContain('1 ELF file. 3 hard links not shown.')
  expect(stdout).toContain('1 finding: 1 high.')
  const {files} = JSON.parse(readFileSync(report, 'utf8'))
  const ash = join(root, 'ash')
  expect(files.map(({sameAs}: {sameAs: string | null}) => sameAs)).toEqual([null, ash, ash, ash])
})

test('a folder says how many files were looked at', async () => {
  const {stdout} = await piton(['elf', folder()])
  expect(stdout).toContain('2 ELF files among 4 files.')
})

const exits: [name: string, args: string[], code: number, stderr: RegExp][] = [
  ['a finding as bad as asked', ['app', 'lib', '--fail-on', 'high'], 1, /^$/],
  ['none as bad as asked', ['app', 'lib', '--fail-on', 'critical'], 0, /^$/],
  ['a file that is no ELF file', ['script'], 2, /^piton: script is not an ELF file\. /],
  ['one among others', ['app', 'script'], 2, /^piton: script is not an ELF file\n$/],
  ['one that a pattern finds', ['*', '--quiet'], 0, /^$/],
  ['a header that cannot be read', ['short'], 2, /^piton: short: the ELF header needs 16 bytes, /],
  ['a pipe', ['pipe'], 2, /^piton: pipe is not a regular file/],
  ['a link to a file', ['link'], 0, /^$/],
  ['nothing there', ['nope'], 2, /^piton: nope does not exist\. /],
  ['a pattern that nothing matches', ['*.exe'], 2, /^piton: nothing matches \*\.exe\. /],
  ['no path', [], 2, /^piton: [A-Z]+ is missing: /],
  ['an unknown format', ['app', '-o', 'xml'], 2, /^piton: there is no output format "xml"\. Formats: table, json\./],
  ['warnings with --strict', ['.', '--strict'], 2, /warning: /],
  ['a format before the path', ['-o', 'json', 'app'], 0, /^$/],
]
for (const [name, args, code, stderr] of exits) {
  test(`exit code ${code}: ${name}`, async () => {
    const ran = await piton(['elf', ...args], {cwd: folder()})
    expect(ran.stderr).toMatch(stderr)
    expect(ran.code).toBe(code)
  })
}

test('a folder without an ELF file is an error, unless that is allowed', async () => {
  const root = temporaryFolder()
  writeFileSync(join(root, 'x'), '')
  const refused = await piton(['elf', root])
  expect(refused.stderr).toBe(`piton: no ELF file among the 1 file of ${root}. --allow-empty makes this exit code 0.\n`)
  expect(refused.code).toBe(2)
  expect((await piton(['elf', root, '--allow-empty'])).code).toBe(0)
})

test('a setuid file is one worse, and says why', async () => {
  const root = folder()
  chmodSync(join(root, 'lib/bad.so'), 0o4755)
  expect((await piton(['elf', join(root, 'lib'), '--fail-on', 'critical'])).code).toBe(1)
})

test('a damaged file has unknown verdicts, and a warning', async () => {
  const root = temporaryFolder()
  writeFileSync(join(root, 'cut'), hardened.subarray(0, 450))
  const {code, stdout, stderr} = await piton(['elf', 'cut', '-o', 'json'], {cwd: root})
  const [file] = JSON.parse(stdout).files
  expect(file.hardening.relro.verdict).toBe('unknown')
  expect(stderr).toMatch(/^piton: warning: cut: /)
  expect(code).toBe(0)
})

test('the same file as the target of a scan', async () => {
  const root = folder()
  const {code, stdout} = await piton(['scan', '-o', 'json', '--fail-on', 'high', join(root, 'lib/bad.so')])
  const {target, packages, files, findings} = JSON.parse(stdout)
  expect([target.kind, target.name, packages.length, files.length]).toEqual(['elf', 'bad.so', 0, 1])
  expect(findings).toMatchObject([{rule: 'PT2004', severity: 'high', path: 'bad.so'}])
  expect(code).toBe(1)
})

test('a scan of a file without a readable header is refused', async () => {
  const {code, stdout, stderr} = await piton(['scan', 'elf:short', '--allow-empty'], {cwd: folder()})
  expect([code, stdout]).toEqual([2, ''])
  expect(stderr).toMatch(oneErrorLine)
})

const hostile = shared('corpus/hostile')
test.skipIf(hostile === null)(
  'hostile files: every one is a row or a warning, and no byte of them is obeyed',
  async () => {
    const {code, stdout, stderr, milliseconds} = await piton(['elf', `${hostile}/real`, `${hostile}/cases`])
    expect(code).toBe(0)
    expect(stdout).toMatch(/\d+ ELF files among \d+ files\./)
    for (const text of [stdout, stderr]) expect(text).not.toMatch(terminalCommands)
    expect(stderr).not.toMatch(/unexpected error|\n {4}at /)
    expect(milliseconds).toBeLessThan(20_000)
  },
)
