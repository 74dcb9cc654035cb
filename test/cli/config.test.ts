import Ajv from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import {expect, test} from 'vitest'
import {parse} from 'yaml'
import {configTemplate} from '../../src/cli/config-template.js'
import {ownVocabulary} from '../../src/cli/vocabulary.js'
import {checkConfig, configSchema} from '../../src/policy/config/index.js'

const vocabulary = await ownVocabulary()
const schema = configSchema(vocabulary)
const ajv = new Ajv.Ajv2020({strict: true, allowUnionTypes: true, strictRequired: false, strictTypes: false})
formats.default(ajv)
const validate = ajv.compile(schema)

/** What the reader and the schema each say of a text. */
async function verdicts(text: string): Promise<{readonly code: boolean; readonly schema: boolean}> {
  const {problems} = await checkConfig(Buffer.from(text), '.piton.yaml', vocabulary)
  return {code: problems.length === 0, schema: validate(parse(text))}
}

test('data/config.schema.json is what the code reads', async () => {
  const text = `${JSON.stringify(schema, null, 2)}\n`
  await expect(text).toMatchFileSnapshot('../../data/config.schema.json')
})

test('every flag of scan and audit may stand in the file, by the same name', async () => {
  const {COMMANDS} = await import('../../src/commands/index.js')
  const known = new Set(vocabulary.flags.map(({name}) => name))
  for (const command of [COMMANDS.scan, COMMANDS.audit]) {
    // Limits have a section of their own.
    const flags = Object.keys(command.flags).filter(name => name !== 'limit' && name !== 'config' && name !== 'profile')
    expect(flags.filter(name => !known.has(name))).toEqual([])
  }
})

const right = [
  'fail-on: high:loaded\n',
  'output: table\n',
  'output: [table, json=a.json]\n',
  'severity: low\noffline: true\n',
  'alpine: 3.20\n',
  'rules: {PT2001: low, PT2010: off, CVE-2024-1: note}\n',
  'ignore:\n',
  'ignore:\n  - {rule: CVE-1, reason: x}\n  - {cve: [CVE-1, CVE-2], package: a, path: [b/*, c], reason: x, expires: "2026-12-31"}\n',
  'ignore: [{symbol: a, reason: x, justification: component_not_present}]\n',
  'paths: [{path: opt/, severity: low, rules: [PT2001]}]\n',
  'feeds: {corp: https://apk.example.org/security.json}\nfeed: [a1=https://x.example/y]\n',
  'feeds:\n',
  'limits: {elf-size: 512 MiB, entries: 1000}\n',
  'profiles: {release: {fail-on: low, ignore: [{rule: CVE-1, reason: x}]}, nightly: }\n',
]
for (const text of right) {
  test(`code and schema take ${JSON.stringify(text)}`, async () => {
    expect(await verdicts(text)).toEqual({code: true, schema: true})
  })
}

const wrong = [
  'feeds: [a=https://x.example]\n',
  'feeds: {corp: no-address}\n',
  'feeds: {edge: https://x.example/y}\n',
  'feeds: {v3.20: https://x.example/y}\n',
  'fail_on: high\n',
  'severity: hihg\n',
  'offline: maybe\n',
  'output: {a: b}\n',
  'rules: {PT2001: bad}\n',
  'ignore: [{rule: CVE-1}]\n',
  'ignore: [{reason: x}]\n',
  'ignore: [{image: a, reason: x}]\n',
  'ignore: [{rule: CVE-1, reason: x, expires: tomorrow}]\n',
  'ignore: [{rule: CVE-1, reason: x, because: y}]\n',
  'ignore: [{rule: openssl, reason: x}]\n',
  'ignore: [{path: "{a,b}", reason: x}]\n',
  'ignore: {rule: CVE-1, reason: x}\n',
  'paths: [{path: a, severity: off}]\n',
  'paths: [{severity: low}]\n',
  'limits: {elf-size: big}\n',
  'limits: {elfBytes: 1}\n',
  'limits: {sarif-results: 25001}\n',
  'profiles: {a: {failon: low}}\n',
  'profiles: {a: {profiles: {}}}\n',
  'config: other.yaml\n',
  'profile: release\n',
  '[a]\n',
]
for (const text of wrong) {
  test(`code and schema refuse ${JSON.stringify(text)}`, async () => {
    expect(await verdicts(text)).toEqual({code: false, schema: false})
  })
}

test('what piton config init writes is in order, as it is and with all that it shows', async () => {
  expect(await verdicts(configTemplate)).toEqual({code: true, schema: true})
  const shown = configTemplate.replace(/^#(?=[a-z]| {2})/gm, '')
  expect(shown).not.toBe(configTemplate)
  expect(await verdicts(shown)).toEqual({code: true, schema: true})
  const named = Object.keys(parse(shown))
  expect(named).toEqual(expect.arrayContaining(['fail-on', 'ignore', 'paths', 'rules', 'limits', 'profiles']))
})
