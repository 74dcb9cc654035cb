import {rmSync} from 'node:fs'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {criticalID, mediumID, tinyDatabase} from '../support/database.js'
import {temporaryFile, temporaryFolder, writeFiles} from '../support/files.js'
import {dockerArchive} from '../support/images.js'
import {piton} from '../support/piton.js'
import {smallSystem} from '../support/small-system.js'
import {tarOf} from '../support/tar.js'

let built = {folder: '', feeds: '', database: ''}
beforeAll(async () => {
  built = await tinyDatabase()
})
afterAll(() => rmSync(built.folder, {recursive: true, force: true}))

const image = dockerArchive({layers: [tarOf(smallSystem)], tags: ['app:1.0'], createdBy: ['ADD rootfs /']})

const statement = (name: string, product: string, status = 'not_affected') => ({
  vulnerability: {name},
  products: [{'@id': product}],
  status,
  justification: 'component_not_present',
})
const document = (...statements: object[]) =>
  JSON.stringify({
    '@context': 'https://openvex.dev/ns/v0.2.0',
    '@id': 'https://example.org/vex/1',
    author: 'x',
    timestamp: '2026-01-01T00:00:00Z',
    version: 1,
    statements,
  })

describe.concurrent('piton scan --vex', () => {
  const scan = (cwd: string, args: string[]) =>
    piton(['scan', '--db', built.database, '--at', '2026-01-20', ...args, temporaryFile(image)], {cwd})

  test('takes findings out, from several files; what matches nothing is a warning', async () => {
    const cwd = writeFiles(temporaryFolder(), [
      ['a.json', document(statement(criticalID, 'pkg:oci/app'))],
      ['b.json', document(statement(mediumID, 'pkg:oci/web'))],
    ])
    const ran = await scan(cwd, ['--vex', 'a.json', '--vex', 'b.json', '--fail-on', 'critical', '-o', 'json'])
    expect([ran.code, ran.stderr]).toEqual([0, ''])
    const {findings, warnings} = JSON.parse(ran.stdout)
    const suppressed = findings.filter((finding: {suppressed: unknown}) => finding.suppressed !== null)
    expect(suppressed).toMatchObject([
      {rule: criticalID, suppressed: {by: 'vex', justification: 'component_not_present', from: 'a.json, statement 1'}},
    ])
    expect(warnings).toMatchObject([{code: 'VEX_UNUSED', message: expect.stringMatching(/^b\.json, statement 1/)}])
  })

  test('from the configuration', async () => {
    const cwd = writeFiles(temporaryFolder(), [
      ['.piton.yaml', 'vex: a.json\nfail-on: critical\n'],
      ['a.json', document(statement(criticalID, 'pkg:oci/app'))],
    ])
    const ran = await scan(cwd, [])
    expect([ran.code, ran.stderr]).toEqual([0, ''])
  })

  test('what the ignore list says comes out as OpenVEX, and does the same when it is read', async () => {
    const ignore = `ignore:\n  - {rule: ${criticalID}, reason: no, justification: component_not_present}\n`
    const cwd = writeFiles(temporaryFolder(), [['c.yaml', ignore]])
    const out = await scan(cwd, ['--config', 'c.yaml', '-o', 'openvex=own.json', '--fail-on', 'critical'])
    expect([out.code, out.stderr]).toEqual([0, ''])
    const again = await scan(cwd, ['--vex', 'own.json', '--fail-on', 'critical', '--strict'])
    expect([again.code, again.stderr]).toEqual([0, ''])
  })

  const cases: [name: string, file: string, said: RegExp][] = [
    ['no JSON', 'hello', /^piton: a\.json is not JSON\. piton reads OpenVEX and CycloneDX, both as JSON\.\n$/],
    ['another document', '{}', /^piton: a\.json is no VEX document/],
  ]
  for (const [name, text, said] of cases) {
    test(`${name} is a sentence and exit code 2`, async () => {
      const cwd = writeFiles(temporaryFolder(), [['a.json', text]])
      const ran = await scan(cwd, ['--vex', 'a.json'])
      expect([ran.code, ran.stdout]).toEqual([2, ''])
      expect(ran.stderr).toMatch(said)
    })
  }

  test('a file that is not there', async () => {
    const ran = await scan(temporaryFolder(), ['--vex', 'a.json'])
    expect([ran.code, ran.stderr]).toEqual([
      2,
      'piton: cannot read a.json: ENOENT. Check the path and its permissions.\n',
    ])
  })
})
