import {existsSync, readFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'
import {describe, expect, test} from 'vitest'
import {parse} from 'yaml'
import {ownVocabulary} from '../src/cli/vocabulary.js'
import {checkConfig} from '../src/policy/config/index.js'
import {unknownParts} from './support/examples.js'

const root = new URL('..', import.meta.url)
const text = readFileSync(new URL('README.md', root), 'utf8')
const blocks = [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language = '', body = '']) => ({
  language,
  body,
}))
const ofLanguage = (language: string) => blocks.flatMap(block => (block.language === language ? [block.body] : []))

const lines = [
  ...text.matchAll(
    /(?:^|[\s`('"|/])(?:piton|bin\/run\.js) ((?:scan|audit|elf|diff|explain|why|fix|sbom|upload|ignore|rules|config|db|cache|completion|help)\b[^`'"\n|)#]*)/g,
  ),
]
  .map(([, line = '']) => line.trim())
  .filter((line, index, all) => all.indexOf(line) === index)

test('the first two commands are those that try it', () => {
  expect(ofLanguage('sh').slice(0, 2)).toEqual([
    'npm ci && npx piton scan test/fixtures/images/shop.tar\n',
    'npm ci && npm test\n',
  ])
})

describe('every command in it exists, with its flags', () => {
  expect(lines.length).toBeGreaterThan(25)
  test.each(lines.map(line => [line]))('piton %s', line => {
    expect(unknownParts(line)).toEqual([])
  })
})

test('every flag that it names is one of a command', async () => {
  const {COMMANDS} = await import('../src/commands/index.js')
  const commands = Object.values(COMMANDS) as readonly {readonly flags?: Readonly<Record<string, unknown>>}[]
  const known = new Set(commands.flatMap(({flags}) => Object.keys(flags ?? {}).flatMap(flag => [flag, `no-${flag}`])))
  const named = [...text.matchAll(/`--([a-z][a-z-]*)/g)].map(([, name = '']) => name)
  const elsewhere = new Set(['debug', 'version', 'help'])
  expect(named.filter(name => !known.has(name) && !elsewhere.has(name))).toEqual([])
})

test('snippets in YAML can be read, and the configuration is one', async () => {
  for (const snippet of ofLanguage('yaml')) expect(parse(snippet)).toBeTypeOf('object')
  const config = ofLanguage('yaml').find(snippet => snippet.startsWith('# .piton.yaml')) ?? ''
  expect((await checkConfig(Buffer.from(config), '.piton.yaml', await ownVocabulary())).problems).toEqual([])
  expect(config).not.toBe('')
})

test('what it links to is there', () => {
  const links = [...text.matchAll(/\]\(([^)#:]+)\)/g)].map(([, path = '']) => path)
  expect(links.filter(path => !existsSync(fileURLToPath(new URL(path, root))))).toEqual([])
  expect(links.length).toBeGreaterThan(4)
})
