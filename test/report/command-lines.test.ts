import {execFileSync} from 'node:child_process'
import {expect, test} from 'vitest'
import {columnsOf} from '../../src/report/columns.js'
import {commandLines} from '../../src/report/command-lines.js'

const commands = [
  'apk del a',
  `apk add --upgrade ${Array.from({length: 12}, (_, n) => `package-${n}`).join(' ')}`,
  "export CFLAGS='-fPIE -fstack-protector-strong' LDFLAGS='-pie -Wl,-z,relro,-z,now'",
  `go build -buildmode=pie -ldflags='-linkmode=external -extldflags "-Wl,-z,relro,-z,now"'`,
]
const wordsIn = (command: string) => command.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? []

for (const command of commands) {
  for (const columns of [58, 78]) {
    test(`in ${columns} columns a shell reads the same words: ${command}`, () => {
      const lines = commandLines(command, columns)
      // A word that is longer stays whole.
      const widest = Math.max(columns, ...wordsIn(command).map(word => columnsOf(word) + 4))
      for (const line of lines) expect(columnsOf(line)).toBeLessThanOrEqual(widest)
      const wordsOf = (text: string) => execFileSync('sh', ['-c', `printf '%s\\n' ${text}`], {encoding: 'utf8'})
      expect(wordsOf(lines.join('\n'))).toBe(wordsOf(command))
    })
  }
}

test('a line of a Dockerfile stays whole', () => {
  const line = `FROM registry.example/${'x'.repeat(100)} AS build`
  expect(commandLines(line, 60)).toEqual([line])
})
