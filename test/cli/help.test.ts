import {afterEach, beforeEach, expect, test, vi} from 'vitest'
import {showHelp} from '../../src/cli/help/index.js'
import {groupsOf, type HelpedCommands} from '../../src/cli/help/overview.js'
import {topicNames} from '../../src/cli/help/topics.js'
import {COMMANDS} from '../../src/commands/index.js'
import {unknownParts} from '../support/examples.js'

let printed = ''
beforeEach(() => {
  printed = ''
  vi.spyOn(process.stdout, 'write').mockImplementation(text => {
    printed += text
    return true
  })
  vi.stubEnv('COLUMNS', '80')
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
})

async function help(...words: string[]): Promise<string[]> {
  await showHelp(words, COMMANDS)
  return printed.split('\n')
}

const pages = [
  [],
  ...Object.keys(COMMANDS).map(id => id.split(':')),
  ...groupsOf(Object.keys(COMMANDS)),
  ...topicNames,
].map(words => (typeof words === 'string' ? [words] : words))

test.each(pages.map(words => [words]))('no line of help %j is wider than a terminal', async words => {
  const lines = await help(...words)
  expect(lines.filter(line => line.length > 80)).toEqual([])
  expect(lines.length).toBeGreaterThan(5)
  expect(printed).not.toMatch(/undefined|\[object|<%/)
})

test('the overview fits a screen, and names every command and topic', async () => {
  const lines = await help()
  expect(lines.length).toBeLessThanOrEqual(40)
  const shown = Object.entries(COMMANDS as HelpedCommands).filter(([, {hidden}]) => hidden !== true)
  for (const word of [...shown.flatMap(([id]) => id.split(':')), ...topicNames]) expect(printed).toContain(word)
})

/** Lines of a page that call piton, those that go on behind a backslash in one. */
function examplesOf(page: string): string[] {
  const lines = page.replaceAll(/ \\\n */g, ' ').split('\n')
  return lines.filter(line => /^ {2}(\S+ \S+ \S+ \| |[A-Z_]+=\S+ |echo 'source <\()?piton /.test(line))
}

test.each(pages.map(words => [words]))('every example of help %j can be pasted', async words => {
  await help(...words)
  const examples = examplesOf(printed)
  if (words.length > 0 && !groupsOf(Object.keys(COMMANDS)).includes(words[0] ?? '')) {
    expect(examples.length).toBeGreaterThan(0)
  }
  for (const example of examples) {
    const line = example.slice(example.indexOf('piton ') + 6).split(/\s+(?:\[|[A-Z]{3,})|\)|>| \|\|/)[0] ?? ''
    expect(unknownParts(line), example).toEqual([])
  }
})

test('every page that a flag sends people to is there', () => {
  const commands = Object.values(COMMANDS) as readonly {
    readonly flags?: Readonly<Record<string, {description?: string}>>
  }[]
  const texts = commands.flatMap(({flags}) => Object.values(flags ?? {}).map(({description}) => description ?? ''))
  const named = texts.flatMap(text => [...text.matchAll(/piton help ([a-z-]+)/g)].map(([, topic = '']) => topic))
  expect(named).toContain('fail-on')
  expect([...new Set(named)].filter(topic => !topicNames.includes(topic))).toEqual([])
})

test('--fail-on is documented with five examples', async () => {
  expect(examplesOf((await help('fail-on')).join('\n'))).toHaveLength(5)
})

test.each([
  [['scna'], /command or topic scna not found/, 'Did you mean scan?'],
  [['exit-code'], /command or topic exit-code not found/, 'Did you mean exit-codes?'],
  [['failon'], /command or topic failon not found/, 'Did you mean fail-on?'],
  [['db', 'updat'], /command or topic db updat not found/, 'Did you mean db update?'],
])('help %j', async (words, message, hint) => {
  await expect(showHelp(words, COMMANDS)).rejects.toMatchObject({message: expect.stringMatching(message), hint})
})
