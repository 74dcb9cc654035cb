import {describe, expect, test} from 'vitest'
import {
  type Config,
  checkConfig,
  parseLimitSetting,
  readConfig,
  type Vocabulary,
} from '../../src/policy/config/index.js'
import {parseFailOn} from '../../src/policy/fail-on.js'

const vocabulary: Vocabulary = {
  flags: [
    {
      name: 'fail-on',
      description: '',
      kind: 'text',
      options: null,
      check: written => void parseFailOn(written, ''),
    },
    {name: 'severity', description: '', kind: 'text', options: ['critical', 'high', 'medium', 'low', 'note']},
    {name: 'skip', description: '', kind: 'list', options: ['hardening', 'musl']},
    {name: 'output', description: '', kind: 'list', options: null},
    {name: 'alpine', description: '', kind: 'text', options: null},
    {name: 'offline', description: '', kind: 'truth', options: null},
  ],
  rules: [
    {id: 'vulnerability', name: 'AlpineVulnerability'},
    {id: 'PT2001', name: 'PositionIndependentExecutable'},
    {id: 'PT2010', name: 'ControlFlowProtection'},
  ],
}

const file = '.piton.yaml'
const read = (text: string, profile: string | null = null): Promise<Config> =>
  readConfig(Buffer.from(text), file, vocabulary, profile)
const flagsOf = ({flags}: Config) =>
  Object.fromEntries([...flags].map(([name, {value, from}]) => [name, [value, from]]))

test('a configuration says what it sets, and where', async () => {
  const config = await read(`# ours
fail-on: high:loaded
output: [table, sarif=piton.sarif]
skip: hardening
alpine: 3.20
offline: true
rules:
  PT2001: low
  pt2010: off
  CVE-2024-1: note
paths:
  - path: opt/vendor/
    rules: PT2001
    severity: note
limits:
  elf-size: 1 GiB
  entries: 100
ignore:
  - rule: CVE-2024-6119
    package: [openssl, libssl3]
    path: /usr/**/*.so
    image: app
    reason: >-
      Not reachable:
      nothing listens.
    expires: 2026-12-31
  - cve: CVE-1
    symbol: a
    library: b
    justification: component_not_present
    reason: "x"
`)
  expect(flagsOf(config)).toEqual({
    'fail-on': ['high:loaded', '.piton.yaml:2'],
    output: [['table', 'sarif=piton.sarif'], '.piton.yaml:3'],
    skip: [['hardening'], '.piton.yaml:4'],
    alpine: ['3.20', '.piton.yaml:5'],
    offline: [true, '.piton.yaml:6'],
  })
  expect(config.severities.rules).toEqual(
    new Map([
      ['pt2001', 'low'],
      ['cve-2024-1', 'note'],
    ]),
  )
  expect(config.off).toEqual(new Set(['PT2010']))
  expect(config.severities.paths).toMatchObject([{severity: 'note', path: {pattern: 'opt/vendor/'}}])
  expect(config.limits).toEqual(
    new Map([
      ['elf-size', 1024 ** 3],
      ['entries', 100],
    ]),
  )
  expect(config.ignore).toMatchObject([
    {
      rules: ['CVE-2024-6119'],
      packages: ['openssl', 'libssl3'],
      paths: [{pattern: '/usr/**/*.so'}],
      images: ['app'],
      reason: 'Not reachable: nothing listens.',
      expires: '2026-12-31',
      justification: null,
      from: '.piton.yaml:19',
    },
    {rules: ['CVE-1'], names: ['a', 'b'], justification: 'component_not_present', from: '.piton.yaml:27'},
  ])
})

test('a profile adds to what stands outside of it, and goes before it', async () => {
  const text = `fail-on: low
severity: low
rules: {PT2001: low}
ignore:
  - {rule: CVE-1, reason: outside}
profiles:
  release:
    fail-on: critical
    rules: {PT2001: high}
    ignore:
      - {rule: CVE-2, reason: inside}
  nightly:
`
  const release = await read(text, 'release')
  expect(flagsOf(release)).toEqual({'fail-on': ['critical', '.piton.yaml:8'], severity: ['low', '.piton.yaml:2']})
  expect(release.severities.rules.get('pt2001')).toBe('high')
  expect(release.ignore.map(({reason}) => reason)).toEqual(['outside', 'inside'])
  expect((await read(text, 'nightly')).ignore).toHaveLength(1)
  expect((await read(text)).ignore).toHaveLength(1)
  await expect(read(text, 'relaese')).rejects.toMatchObject({
    message: '.piton.yaml has no profile "relaese"',
    hint: 'Did you mean release?',
  })
})

for (const text of [
  '',
  '# nothing\n',
  '---\n',
  'ignore:\n',
  'rules:\nlimits: {}\nprofiles:\n',
  '\ufeffseverity: low\n',
]) {
  test(`${JSON.stringify(text)} is a configuration`, async () => {
    await expect(read(text)).resolves.toMatchObject({file})
  })
}

const wrong: [name: string, text: string, said: RegExp, marked: string][] = [
  ['an unknown key', 'fail_on: high\n', /^1:1: unknown key "fail_on" Did you mean fail-on\?/, 'fail_on'],
  [
    'an unknown key of an ignore',
    'ignore:\n  - rule: CVE-1\n    reson: x\n',
    /^3:5: unknown key "reson" Did you mean reason\?/,
    'reson',
  ],
  ['a key that is nothing like any', 'colour: red\n', /^1:1: unknown key "colour"/, 'colour'],
  ['an unknown word', 'severity: hihg\n', /^1:11: "hihg" is none of critical, .*Did you mean high\?/, 'hihg'],
  ['an unknown word in a list', 'skip: [hardening, mussel]\n', /^1:19: "mussel" is none of hardening, musl/, 'mussel'],
  ['a wrong type', 'offline: maybe\n', /^1:10: true or false should stand here, not a text/, 'maybe'],
  ['a map where a text belongs', 'severity: {a: b}\n', /^1:11: one of critical/, '{'],
  ['a list where a text belongs', 'fail-on: [high]\n', /^1:10: a text should stand here, not a list/, '['],
  ['nothing where a text belongs', 'fail-on:\n', /^1:9: a text should stand here, not nothing/, ''],
  [
    'an expression that is none',
    'fail-on: high:laoded\n',
    /^1:15: "laoded" is no condition Did you mean loaded\?/,
    'laoded',
  ],
  ['a list as the whole', '- a\n', /^1:1: a map should stand here, not a list/, '-'],
  ['a rule that is none', 'rules:\n  PT2011: low\n', /^2:3: there is no rule PT2011 Did you mean PT2001\?/, 'PT2011'],
  [
    'a rule by its name',
    'rules: {ControlFlowProtection: low}\n',
    /^1:9: rules go by their ids Write PT2010\./,
    'ControlFlowProtection',
  ],
  ['a rule that is a word', 'rules: {openssl: low}\n', /"openssl" is neither a rule nor an advisory/, 'openssl'],
  ['an advisory that is switched off', 'rules: {CVE-2024-1: off}\n', /cannot be switched off Write an ignore/, '{'],
  ['an ignore without a reason', 'ignore:\n  - rule: CVE-1\n', /^2:5: this ignore has no reason/, 'r'],
  ['an ignore with an empty reason', 'ignore: [{rule: CVE-1, reason: " "}]\n', /nothing stands here/, '" "'],
  ['an ignore of nothing', 'ignore:\n  - reason: x\n', /^2:5: this ignore says nothing of what to ignore/, 'r'],
  ['an ignore of an image', 'ignore:\n  - image: x\n    reason: x\n', /says nothing of what to ignore/, 'i'],
  [
    'a day that is none',
    'ignore: [{rule: CVE-1, reason: x, expires: 2026-02-30}]\n',
    /"2026-02-30" is not a day Write it as/,
    '2026-02-30',
  ],
  ['a path with braces', 'ignore: [{path: "a/{b,c}", reason: x}]\n', /braces are not understood/, '"a/{b,c'],
  [
    'a justification that is none',
    'ignore: [{rule: CVE-1, reason: x, justification: component_not_presnt}]\n',
    /Did you mean component_not_present/,
    'component_not_presnt',
  ],
  ['a path without a severity', 'paths: [{path: x}]\n', /severity is missing here/, '{'],
  ['a path that is switched off', 'paths: [{path: x, severity: off}]\n', /"off" is none of critical/, 'off'],
  ['a limit that is none', 'limits: {elf-size: big}\n', /^1:20: "big" is no size Write it as 512 MiB\./, 'big'],
  ['a limit below 1', 'limits: {entries: 0}\n', /^1:19: 0 is not between 1 and/, '0'],
  ['a limit beyond all', 'limits: {sarif-results: 25001}\n', /25001 is not between 1 and 25000/, '25001'],
  [
    'an unknown key of a profile',
    'profiles: {a: {failon: low}}\n',
    /^1:16: unknown key "failon" Did you mean fail-on\?/,
    'failon',
  ],
  ['a profile in a profile', 'profiles: {a: {profiles: {}}}\n', /unknown key "profiles"/, 'profiles'],
  ['equal keys', 'severity: low\nseverity: high\n', /^2:1: "severity" stands here a second time/, 'severity'],
  ['what is no YAML', 'severity: "low\n', /^2:1: this is no YAML: missing closing "quote/, ''],
  ['a tab', 'ignore:\n\t- rule: CVE-1\n', /^2:1: this is no YAML: tabs are not allowed as indentation/, '\t'],
  [
    'two documents',
    'severity: low\n---\nseverity: low\n',
    /^2:1: a second document begins here Take the line --- away/,
    '---',
  ],
  ['a tag', 'severity: !secret low\n', /^1:11: tags are not understood/, '!secret'],
  ['a merge key', 'a: &a {severity: low}\nprofiles: {b: {<<: *a}}\n', /^2:16: merge keys are not understood/, '<<'],
  ['a key that is a list', '[a]: b\n', /^1:1: a key has to be a word/, '['],
]
for (const [name, text, said, marked] of wrong) {
  test(`${name} is wrong, and where`, async () => {
    const {places, document, problems} = await checkConfig(Buffer.from(text), file, vocabulary)
    expect(document).toBeNull()
    const found = problems.map(problem => {
      const {line, column, length} = places.excerpt(problem)
      const words = [`${places.exactly(problem.start).slice(file.length + 1)}: ${problem.message}`, problem.hint ?? '']
      return [words.join(' ').trim(), line.slice(column, column + length)] as const
    })
    expect(found.find(([words]) => said.test(words))?.[1] ?? found).toBe(marked)
  })
}

test('the first of several problems is an error that counts the others', async () => {
  await expect(read('fail_on: high\nseverty: low\n')).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    message: '.piton.yaml:1:1: unknown key "fail_on"',
    hint: 'Did you mean fail-on? 1 more: piton config check lists them.',
    excerpt: {line: 'fail_on: high', column: 0, length: 7},
  })
})

test('anchors and aliases are understood', async () => {
  const config = await read('ignore:\n  - &a {rule: CVE-1, reason: &why not used}\n  - {rule: CVE-2, reason: *why}\n')
  expect(config.ignore.map(({reason}) => reason)).toEqual(['not used', 'not used'])
})

const bombs: [name: string, text: string, said: RegExp][] = [
  ['aliases that multiply', `${bomb(9, 10)}severity: low\n`, /aliases stand for more than 10,000 values/],
  ['an alias in itself', 'ignore: &a\n  - *a\n', /\*a stands inside of itself/],
  ['a circle of two', 'ignore: &a\n  - &b {rule: *a}\n  - *b\n', /\*a stands inside of itself/],
  ['an alias of nothing', 'severity: *low\n', /nothing before this is called|unresolved alias/i],
  ['brackets without an end', '['.repeat(20_000), /nested too deep|no YAML/],
  ['lists in lists', `${'- '.repeat(5_000)}\n`, /nested/],
  ['maps in maps', `ignore: ${'[{rule: '.repeat(20)}x${'}]'.repeat(20)}\n`, /nested more than 32 deep/],
  ['a hundred thousand wrong escapes', `severity: "${'\\x'.repeat(100_000)}"\n`, /no YAML/],
  ['no text', '\u0000\u0001', /no YAML|map should stand/],
]
for (const [name, text, said] of bombs) {
  test(`${name}: a sentence, and an end`, async () => {
    await expect(read(text)).rejects.toThrow(said)
  })
}

test('bytes that are no UTF-8 are no configuration', async () => {
  await expect(readConfig(Buffer.from([0xff, 0xfe, 0x61]), file, vocabulary, null)).rejects.toThrow(/no text in UTF-8/)
})

test('thousands of patterns for paths are refused: whole paths may be any number', async () => {
  const list = (path: string) =>
    `ignore:\n${Array.from({length: 2001}, (_, n) => `  - {path: ${path}${n}, reason: x}\n`).join('')}`
  await expect(read(list('usr/*/'))).rejects.toThrow(/:2002:.*more than 2000 ignores have a pattern/)
  await expect(read(list('usr/lib/'))).resolves.toMatchObject({file})
})

function bomb(levels: number, times: number): string {
  const lines = Array.from({length: levels}, (_, n) => {
    const one = n === 0 ? 'x' : `*a${n - 1}`
    return `k${n}: &a${n} [${Array.from({length: times}, () => one).join(', ')}]\n`
  })
  return lines.join('')
}

describe('a limit on the command line', () => {
  const good: [text: string, limit: readonly [string, number]][] = [
    ['elf-size=512MiB', ['elf-size', 512 * 1024 ** 2]],
    [' memory = 1 GB ', ['memory', 1e9]],
    ['entries=5000', ['entries', 5_000]],
    ['inflate-ratio=20000', ['inflate-ratio', 20_000]],
    ['idle-time=90s', ['idle-time', 90_000]],
    ['download-time=1.5 h', ['download-time', 5_400_000]],
    ['connect-time=500ms', ['connect-time', 500]],
  ]
  for (const [text, limit] of good) test(text, () => expect(parseLimitSetting(text, '--limit')).toEqual(limit))

  const bad: [text: string, message: RegExp, hint: string][] = [
    ['elfsize=1MiB', /^--limit elfsize=1MiB: there is no limit "elfsize"$/, 'Did you mean elf-size?'],
    ['elf-size', /^--limit elf-size says no value$/, 'Write it as elf-size=256 MiB.'],
    ['elf-size=big', /^--limit elf-size=big: "big" is no size$/, 'Write it as 512 MiB.'],
    ['elf-size=', /^--limit elf-size=: "" is no size$/, 'Write it as 512 MiB.'],
    ['entries=0', /0 is not between 1 and 100000000$/, ''],
    ['idle-time=90', /^--limit idle-time=90: "90" is no time$/, 'Write it as 90s.'],
    ['idle-time=2h', /2h is not between 1ms and 1h$/, ''],
    ['__proto__=1', /there is no limit "__proto__"$/, 'There are: '],
  ]
  for (const [text, message, hint] of bad) {
    test(JSON.stringify(text), () => {
      expect(() => parseLimitSetting(text, '--limit')).toThrow(
        expect.objectContaining({message: expect.stringMatching(message)}),
      )
      if (hint !== '') {
        expect(() => parseLimitSetting(text, '--limit')).toThrow(
          expect.objectContaining({hint: expect.stringContaining(hint)}),
        )
      }
    })
  }
})
