import {fileURLToPath} from 'node:url'
import {expect, test} from 'vitest'
import {calledCommand, runCommand} from '../../src/cli/direct.js'
import {describe as described} from '../../src/cli/errors.js'
import {COMMANDS} from '../../src/commands/index.js'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** What a line that no command can read is answered. */
async function answer(line: string): Promise<string> {
  const called = calledCommand(line.split(' '), COMMANDS)
  if (called === null) throw new Error(`${line} calls no command`)
  return runCommand(called, root).then(() => 'it ran', described)
}

const cases: [line: string, answer: string | RegExp][] = [
  ['scan --fial-on high x', 'Nonexistent flag: --fial-on. Did you mean --fail-on? See piton scan --help.'],
  ['scan --fial-on=high x', /Did you mean --fail-on\?/],
  ['scan --no-cahce x', /Did you mean --no-cache\?/],
  ['scan --outptu json x', /Did you mean --output\?/],
  ['scan --frobnicate x', 'Nonexistent flag: --frobnicate. See piton scan --help.'],
  ['scan -z x', 'Nonexistent flag: -z. See piton scan --help.'],
  ['scan --check hardning x', /Did you mean hardening\? See piton scan --help\.$/],
  ['scan --severity hihg x', /Did you mean high\?/],
  ['scan --only bsae x', /Did you mean base\?/],
  ['elf --fail-on medum x', /Did you mean medium\? See piton elf --help\.$/],
  ['db update --only secbd', /Did you mean secdb\? See piton db update --help\.$/],
  ['completion zhs', /Did you mean zsh\?/],
  ['scan -o sarfi x', /there is no output format "sarfi"\. Did you mean sarif\?/],
  ['sbom -o spxd x', /there is no output format "spxd"\. Did you mean spdx\?/],
  ['scan --quiet=3', '--quiet takes no value. Write --quiet, or leave it out.'],
  ['scan --cache=no x', '--cache takes no value. Write --cache or --no-cache.'],
  ['ignore CVE-2024-1 --raeson x', /Did you mean --reason\?/],
]
test.each(cases)('piton %s', async (line, expected) => {
  const text = await answer(line)
  if (typeof expected === 'string') expect(text).toBe(expected)
  else expect(text).toMatch(expected)
})

test('what looks like a switch with a value may be the value of a flag', async () => {
  expect(await answer('ignore CVE-2024-1 --expires x --reason --debug=3')).toMatch(/is not a day|no day/)
})
