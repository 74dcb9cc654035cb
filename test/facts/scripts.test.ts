import {expect, test} from 'vitest'
import {listScripts, script} from '../../src/facts/scripts.js'
import {parseEnv, parseShebang} from '../../src/facts/shebang.js'
import {file, symlink, type TarItem} from '../support/tar.js'
import {viewOf} from '../support/view.js'

const busybox: readonly TarItem[] = [
  file('bin/busybox', '', {mode: 0o755}),
  symlink('bin/sh', '/bin/busybox'),
  symlink('usr/bin/env', '../../bin/busybox'),
]
const coreutils = [file('bin/sh', ''), file('usr/bin/env', '')]
const python = file('opt/venv/bin/python3', '', {mode: 0o755})

const cases: [name: string, head: string, items: readonly TarItem[], problem: string | null][] = [
  ['an applet of BusyBox', '#!/bin/sh\n', busybox, null],
  ['blanks around', '#! \t/bin/sh  -e \n', busybox, null],
  ['no bash', '#!/bin/bash\necho', busybox, 'path /bin/bash'],
  ['no line end', '#!/bin/bash', busybox, 'path /bin/bash'],
  ['bash in another folder', '#!/usr/bin/sh', busybox, 'path /usr/bin/sh, in bin/sh'],
  ['a link to nothing', '#!/bin/ksh\n', [symlink('bin/ksh', 'mksh')], 'path /bin/ksh'],
  ['a link that stays in the root', '#!/bin/x\n', [...busybox, symlink('bin/x', '../../../bin/sh')], null],
  ['a loop of links', '#!/bin/x\n', [symlink('bin/x', 'y'), symlink('bin/y', 'x')], null],
  ['a relative path', '#!python3\n', busybox, null],
  ['a line without a program', '#!\n', busybox, 'no script'],
  ['no shebang', 'echo hello, world', busybox, 'no script'],
  ['carriage returns', '#!/bin/sh\r\n', busybox, 'line-end /bin/sh'],
  ['carriage returns behind env', '#!/usr/bin/env sh\r\n', busybox, 'line-end sh'],
  ['a carriage return behind an option', '#!/bin/sh -e\r\n', busybox, null],
  ['env finds it', '#!/usr/bin/env sh\n', busybox, null],
  ['env does not', '#!/usr/bin/env python3\n', busybox, 'command python3'],
  ['env finds it where PATH may lead', '#!/usr/bin/env python3\n', [...busybox, python], null],
  ['env with two words and no -S', '#!/usr/bin/env python3 -u\n', busybox, null],
  ['env -S of BusyBox', '#!/usr/bin/env -S sh -e\n', busybox, 'split sh'],
  ['env -S of GNU', '#!/usr/bin/env -S sh -e\n', coreutils, null],
  ['env -S with assignments', '#!/usr/bin/env -S -i A=b node --x\n', coreutils, 'command node'],
  ['env itself is missing', '#!/usr/bin/env sh\n', [], 'path /usr/bin/env'],
  ['a path of 300 bytes is cut by the kernel', `#!/${'x'.repeat(300)}\n`, busybox, 'no script'],
  ['300 bytes of arguments are not', `#!/bin/bash ${'x'.repeat(300)}\n`, busybox, 'path /bin/bash'],
]
for (const [name, head, items, expected] of cases) {
  test(`script: ${name}`, async () => {
    const view = await viewOf([[...items, file('run', head.padEnd(16, '\n'), {mode: 0o755})]], [script])
    const [found] = listScripts(view, new Map())
    const problem = found?.problem
    const elsewhere = problem?.elsewhere ? `, in ${problem.elsewhere}` : ''
    expect(found === undefined ? 'no script' : problem && `${problem.kind} ${problem.name}${elsewhere}`).toBe(expected)
  })
}

test('a file that nobody may execute is no script', async () => {
  const view = await viewOf([[file('run', '#!/bin/bash\n', {mode: 0o644})]], [script])
  expect(listScripts(view, new Map())).toEqual([])
})

test('an interpreter that a package lists is missing only from the tree', async () => {
  const view = await viewOf([[file('run', '#!/bin/bash\n', {mode: 0o755})]], [script])
  expect(listScripts(view, new Map([['usr/bin/bash', 'bash']]))[0]?.problem).toBeNull()
})

test('a later layer brings the interpreter', async () => {
  const view = await viewOf([[file('run', '#!/bin/bash\n', {mode: 0o755})], [file('bin/bash')]], [script])
  expect(listScripts(view, new Map())[0]?.problem).toBeNull()
})

test('parseShebang takes any bytes', () => {
  expect(parseShebang(new Uint8Array([0x23, 0x21, 0xff, 0x00, 0x0a]))?.interpreter).toBe('\ufffd')
  expect(parseShebang(new Uint8Array(0))).toBeNull()
})

const env: [argument: string, expected: string | null][] = [
  ['node', 'node'],
  ['-S node --flag', 'node -S'],
  ['-vS node', 'node -S'],
  ['--split-string=node', 'node -S'],
  ['-S A=1 B=2 node', 'node -S'],
  ["-S 'my node'", null],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: env expands it, not we
  ['-S ${HOME}/node', null],
  ['-i', null],
  ['A=1', null],
  ['', null],
]
for (const [argument, expected] of env) {
  test(`env ${argument}`, () => {
    const found = parseEnv(argument)
    expect(found && `${found.command}${found.splits ? ' -S' : ''}`).toBe(expected)
  })
}
