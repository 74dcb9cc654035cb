import {rmSync} from 'node:fs'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {dsse, inToto, openvex, store, tagManifest, types} from '../support/attestations.js'
import {criticalID, mediumID, tinyDatabase} from '../support/database.js'
import {temporaryFile, temporaryFolder, writeFiles} from '../support/files.js'
import {digestOf, dockerArchive} from '../support/images.js'
import {piton} from '../support/piton.js'
import {contentOf, registryServer} from '../support/registry-server.js'
import {smallSystem} from '../support/small-system.js'
import {tarOf} from '../support/tar.js'

let built = {folder: '', feeds: '', database: ''}
beforeAll(async () => {
  built = await tinyDatabase()
})
afterAll(() => rmSync(built.folder, {recursive: true, force: true}))

const parts = {layers: [tarOf(smallSystem)]}

/** A registry with the image; `say` puts statements beside it. */
function registry() {
  const content = contentOf('1.0', parts)
  const top = digestOf(content.manifests.get('1.0')?.bytes ?? Buffer.alloc(0))
  return {
    content,
    say(id: string) {
      const {digest} = store(content, {document: dsse(inToto(top, openvex(id))), type: types.dsse})
      tagManifest(content, `${top.replace(':', '-')}.att`, digest)
    },
  }
}

const scan = (target: string, ...args: string[]) =>
  piton(['scan', '--db', built.database, '--at', '2026-01-20', '--vex', 'from-registry', ...args, target], {
    cwd: temporaryFolder(),
    env: {HOME: '/nonexistent', XDG_CACHE_HOME: temporaryFolder()},
  })

describe.concurrent('piton scan --vex from-registry', () => {
  test('takes findings out, and says that no signature was checked', async () => {
    const {content, say} = registry()
    say(criticalID)
    const {image} = await registryServer(content)
    const ran = await scan(`registry:${image}:1.0`, '--fail-on', 'critical', '-o', 'json')
    expect([ran.code, ran.stderr]).toEqual([0, ''])
    const {findings, warnings, complete} = JSON.parse(ran.stdout)
    const suppressed = findings.filter((finding: {suppressed: unknown}) => finding.suppressed !== null)
    expect(suppressed).toMatchObject([
      {
        rule: criticalID,
        suppressed: {by: 'vex', from: expect.stringMatching(/^attestation sha256:\w{12} of .*, statement 1$/)},
      },
    ])
    expect(warnings).toMatchObject([
      {
        code: 'VEX_UNVERIFIED',
        message: expect.stringMatching(/^VEX from the registry: its signatures were not checked \(attestation sha256:/),
      },
    ])
    expect(complete).toBe(true)
    expect((await scan(`registry:${image}:1.0`, '--strict')).code).toBe(2)
  })

  test('together with files, of which the newer statement counts', async () => {
    const {content, say} = registry()
    say(criticalID)
    const {image} = await registryServer(content)
    const newer = {...openvex(criticalID, 'pkg:oci/app'), timestamp: '2026-01-10T00:00:00Z'}
    newer.statements = newer.statements.map(statement => ({...statement, status: 'affected'}))
    const cwd = writeFiles(temporaryFolder(), [['own.json', JSON.stringify(newer)]])
    const ran = await scan(`${image}:1.0`, '--vex', `${cwd}/own.json`, '--fail-on', 'critical', '-o', 'json')
    expect(ran.code).toBe(1)
    const codes = JSON.parse(ran.stdout).warnings.map(({code}: {code: string}) => code)
    expect(codes).toEqual(['VEX_CONTRADICTION', 'VEX_UNVERIFIED'])
  })

  test('is asked anew for an image that is remembered', async () => {
    const {content, say} = registry()
    const {image, seen} = await registryServer(content)
    const env = {HOME: '/nonexistent', XDG_CACHE_HOME: temporaryFolder()}
    const args = ['scan', '--db', built.database, '--at', '2026-01-20', '-o', 'json', '--vex', 'from-registry']
    const run = async () => JSON.parse((await piton([...args, `${image}:1.0`], {env})).stdout)
    const countOf = ({findings}: {findings: {suppressed: unknown}[]}) =>
      findings.filter(({suppressed}) => suppressed !== null).length
    const before = await run()
    expect([countOf(before), before.warnings]).toMatchObject([0, [{code: 'VEX_REGISTRY_NONE'}]])
    const layer = digestOf(parts.layers[0] ?? Buffer.alloc(0))
    say(mediumID)
    expect(countOf(await run())).toBe(1)
    expect(seen.filter(({path}) => path.endsWith(layer))).toHaveLength(1)
  })

  test('needs a registry', async () => {
    const path = temporaryFile(dockerArchive(parts))
    const ran = await scan(path)
    expect([ran.code, ran.stdout]).toEqual([2, ''])
    expect(ran.stderr).toBe(
      `piton: --vex from-registry: docker-archive:${path} is not in a registry. Name the image as registry:NAME, or give the VEX document as a file.\n`,
    )
  })

  test('and a network', async () => {
    const ran = await scan('registry:127.0.0.1:1/app:1.0', '--offline')
    expect([ran.code, ran.stderr]).toEqual([2, expect.stringMatching(/--offline allows no network/)])
  })
})
