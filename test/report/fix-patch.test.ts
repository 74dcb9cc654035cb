import {execFileSync} from 'node:child_process'
import {readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {fixPatch} from '../../src/report/fix-patch.js'
import {temporaryFolder} from '../support/files.js'

const many = (version: string) => Array.from({length: 4000}, (_, n) => `ARG V${n}=${version}\n`).join('')

const cases: [name: string, before: string, after: string][] = [
  ['one line', 'a\nb\nc\n', 'a\nx\nc\n'],
  ['the last line, without an end', 'a\nb', 'a\nx'],
  ['line ends of Windows', 'a\r\nb\r\n', 'a\r\nx\r\nb\r\n'],
  ['a mark at the start', '\ufeffa\nb\n', '\ufeffa\nx\nb\n'],
  ['far apart', `1\n${'\n'.repeat(50)}2\n`, `x\n${'\n'.repeat(50)}y\n`],
  ['thousands of lines', `a\nb\nc\nd\n${many('1')}e\nf\ng\nh\n`, `a\nb\nc\nd\n${many('2')}e\nf\ng\nh\n`],
  ['thousands of lines from the first to the last', many('1'), many('2')],
  ['thousands of lines, without an end', many('1').trimEnd(), many('2').trimEnd()],
  ['thousands of lines before one without an end', `${many('1')}x`, `${many('2')}x`],
  ['thousands of lines, and a backslash at the start of one', `${many('1')}\\x\n\\y`, `${many('2')}\\x\n\\y`],
]
for (const [name, before, after] of cases) {
  test(`git takes a patch of ${name}`, async () => {
    const cwd = temporaryFolder()
    execFileSync('git', ['init', '-q'], {cwd})
    writeFileSync(join(cwd, 'D'), before)
    const started = performance.now()
    const patch = await fixPatch({file: 'D', before, after})
    expect(performance.now() - started).toBeLessThan(5000)
    execFileSync('git', ['apply', '-'], {cwd, input: patch})
    expect(readFileSync(join(cwd, 'D'), 'utf8')).toBe(after)
  })
}

test('of nothing there is no patch', async () => expect(await fixPatch({file: 'D', before: 'a', after: 'a'})).toBe(''))
