import {expect, test} from 'vitest'
import {unknownCommand} from '../../src/cli/unknown-command.js'

const names = ['scan', 'audit', 'elf', 'sbom', 'explain', 'db update', 'db status', 'config init', 'cache clean']

/** Slips of the hand, and habits from other programs. */
const cases: [line: string, message: string, hint: string | RegExp][] = [
  ['scna x', 'there is no command scna', 'Did you mean scan?'],
  ['SCAN', 'there is no command SCAN', 'Did you mean scan?'],
  ['expl CVE-2024-6119', 'there is no command expl', 'Did you mean explain?'],
  ['db updat', 'there is no command db updat', 'Did you mean db update?'],
  ['cach claen', 'there is no command cach', 'Did you mean cache clean?'],
  ['confg init', 'there is no command confg', 'Did you mean config init?'],
  ['cach', 'there is no command cach', 'Did you mean cache?'],
  ['bd update', 'there is no command bd', 'Did you mean db update?'],
  ['dbupdate', 'there is no command dbupdate', 'Did you mean db update?'],
  ['update', 'there is no command update', 'Did you mean db update?'],
  ['hlep', 'there is no command hlep', 'Did you mean help?'],
  ['--hlep', 'there is no command --hlep', 'Did you mean --help?'],
  ['--vresion', 'there is no command --vresion', 'Did you mean --version?'],
  ['version', 'there is no command version', 'Did you mean --version?'],
  ['--fail-on high scan x', 'there is no command --fail-on', /^Flags stand behind the command/],
  ['app.tar', 'there is no command app.tar', 'To scan it: piton scan app.tar'],
  ['alpine:3.20', 'there is no command alpine:3.20', 'To scan it: piton scan alpine:3.20'],
  ['db frobnicate', 'there is no command db frobnicate', 'piton --help lists the commands.'],
  ['frobnicate', 'there is no command frobnicate', 'piton --help lists the commands.'],
]
test.each(cases)('%s', (line, message, hint) => {
  const error = unknownCommand(line.split(' '), names)
  expect(error.message).toBe(message)
  if (typeof hint === 'string') expect(error.hint).toBe(hint)
  else expect(error.hint).toMatch(hint)
})

test('help speaks of topics too', () => {
  const error = unknownCommand(['exit-code'], names, ['exit-codes', 'targets'])
  expect([error.message, error.hint]).toEqual(['command or topic exit-code not found', 'Did you mean exit-codes?'])
})

test('a word of any length is answered at once', () => {
  const started = performance.now()
  expect(unknownCommand(['x'.repeat(1_000_000)], names).hint).toBe('piton --help lists the commands.')
  expect(performance.now() - started).toBeLessThan(500)
})
