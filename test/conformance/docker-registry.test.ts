import {execFile} from 'node:child_process'
import {createHash, randomBytes} from 'node:crypto'
import {existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {shippedDatabase} from '../../src/index.js'
import {scan} from '../../src/scan.js'
import {openSource} from '../../src/source/index.js'
import {parsePlatform} from '../../src/source/platform.js'
import {apkDatabase, releaseFiles, repositoriesFile} from '../support/alpine.js'
import {
  cuttingProxy,
  type DockerRegistry,
  inspect,
  openRegistry,
  passwordRegistry,
  push,
  tokenRegistry,
  user,
} from '../support/docker-registry.js'
import {digestOf, ociArchive, ociIndexArchive} from '../support/images.js'
import {failureOf} from '../support/pull.js'
import {hasTool} from '../support/readelf.js'
import {file, tarOf} from '../support/tar.js'

const shop = fileURLToPath(new URL('../fixtures/images/shop.tar', import.meta.url))
const program = fileURLToPath(new URL('../../bin/run.js', import.meta.url))
const isBuilt = existsSync(fileURLToPath(new URL('../../dist/load.js', import.meta.url)))
const folder = mkdtempSync(join(tmpdir(), 'piton-images-'))
const hasTools = hasTool('docker-registry') && hasTool('skopeo')

/** Two images in one index, of different releases, so that it shows which was read. */
const index = join(folder, 'index.tar')
const treeOf = (release: string, version: string) =>
  tarOf([
    ...releaseFiles(release),
    repositoriesFile(`v${release.slice(0, 4)}`),
    apkDatabase([{name: 'libssl3', version, origin: 'openssl'}]),
  ])
/** One layer that no buffer of the system holds whole. */
const large = join(folder, 'large.tar')

const nobody = {HOME: folder}
const alice = {...nobody, PITON_REGISTRY_USERNAME: user.name, PITON_REGISTRY_PASSWORD: user.password}

/** What a scan says, but for where the image came from. */
async function said(target: string, platform: string | null = null, env: NodeJS.ProcessEnv = nobody) {
  const {report} = await scan(target, {
    platform: platform === null ? null : parsePlatform(platform),
    verify: true,
    database: shippedDatabase(),
    today: '2025-02-01',
    registry: {env, limits: {backoffMs: 10}},
  })
  const {target: _, ...rest} = report
  // A fingerprint holds the name of the image, which is another one in a registry.
  const findings = report.findings.map(({fingerprint: _, ...finding}) => finding)
  return {...rest, findings, layers: report.target.layers.map(({diffID}) => diffID), imageID: report.target.imageID}
}

function find(registry: DockerRegistry, reference: string) {
  return scan(`registry:${registry.host}/${reference}`, {database: null, today: '2025-02-01', registry: {env: nobody}})
}

describe.skipIf(!hasTools)('a real registry', () => {
  const open: DockerRegistry[] = []
  let plain: DockerRegistry
  let zstd: DockerRegistry
  let secured: DockerRegistry
  let tokens: DockerRegistry
  let fromArchive: Awaited<ReturnType<typeof said>>

  beforeAll(async () => {
    writeFileSync(
      index,
      ociIndexArchive(
        {layers: [treeOf('3.18.0', '3.1.0-r4')], architecture: 'amd64'},
        {layers: [treeOf('3.20.0', '3.3.0-r2')], architecture: 'arm64', variant: 'v8'},
      ),
    )
    writeFileSync(large, ociArchive({layers: [tarOf([file('large', randomBytes(64 << 20))])]}))
    ;[plain, zstd, secured, tokens] = await Promise.all([
      openRegistry(),
      openRegistry(),
      passwordRegistry(),
      tokenRegistry(),
    ])
    open.push(plain, zstd, secured, tokens)
    const source = `docker-archive:${shop}`
    const credentials = ['--dest-creds', `${user.name}:${user.password}`]
    await push(source, `${plain.host}/lib/shop:1.0`)
    await push(source, `${plain.host}/lib/shop:oci`, '--format', 'oci')
    await push(source, `${plain.host}/lib/shop:schema2`, '--format', 'v2s2')
    // To another registry: skopeo does not push a layer again in another compression.
    await push(source, `${zstd.host}/lib/shop:1.0`, '--format', 'oci', '--dest-compress-format', 'zstd')
    await push(`oci-archive:${index}`, `${plain.host}/lib/index:1.0`, '--all')
    await push(source, `${secured.host}/lib/shop:1.0`, ...credentials)
    await push(source, `${tokens.host}/public/shop:1.0`, ...credentials)
    await push(source, `${tokens.host}/private/shop:1.0`, ...credentials)
    fromArchive = await said(`docker-archive:${shop}`)
  })
  afterAll(() => {
    for (const registry of open) registry.close()
    rmSync(folder, {recursive: true, force: true})
  })

  test('has findings to compare', () => expect(fromArchive.findings.length).toBeGreaterThan(10))

  const same: [name: string, target: () => string, env: NodeJS.ProcessEnv][] = [
    ['by tag', () => `${plain.host}/lib/shop:1.0`, nobody],
    ['as OCI', () => `${plain.host}/lib/shop:oci`, nobody],
    ['as Docker schema 2', () => `${plain.host}/lib/shop:schema2`, nobody],
    ['with zstd', () => `${zstd.host}/lib/shop:1.0`, nobody],
    ['with a password', () => `${secured.host}/lib/shop:1.0`, alice],
    ['with a token, as a stranger', () => `${tokens.host}/public/shop:1.0`, nobody],
    ['with a token', () => `${tokens.host}/private/shop:1.0`, alice],
  ]
  for (const [name, target, env] of same) {
    test(`gives the same findings as the archive: ${name}`, async () => {
      const {imageID, ...rest} = await said(target(), null, env)
      const {imageID: archived, ...expected} = fromArchive
      expect(rest).toEqual(expected)
      // skopeo writes another configuration for OCI than for Docker.
      if (name === 'by tag' || name === 'as Docker schema 2') expect(imageID).toBe(archived)
    })
  }

  test('zstd is zstd', async () => expect(await inspect(`${zstd.host}/lib/shop:1.0`)).toContain('tar+zstd'))

  for (const platform of ['linux/amd64', 'linux/arm64']) {
    test(`gives the same findings as the archive: an index, ${platform}`, async () => {
      const pulled = await said(`${plain.host}/lib/index:1.0`, platform)
      expect(pulled).toEqual(await said(`oci-archive:${index}`, platform))
      expect(pulled.release?.version).toBe(platform === 'linux/amd64' ? '3.18.0' : '3.20.0')
    })
  }

  test('gives an image by digest, and says which it was', async () => {
    const {report} = await find(plain, 'lib/index:1.0')
    const {manifestDigest} = report.target
    const {report: pinned} = await find(plain, `lib/index@${manifestDigest}`)
    expect(pinned.target.manifestDigest).toBe(manifestDigest)
    expect(pinned.target.name).toBe(`${plain.host}/lib/index@${manifestDigest}`)
  })

  const refused: [name: string, target: () => string, env: NodeJS.ProcessEnv, says: RegExp][] = [
    ['no password', () => `${secured.host}/lib/shop:1.0`, nobody, /^REGISTRY_UNAUTHORIZED: .*to strangers/],
    [
      'a wrong password',
      () => `${secured.host}/lib/shop:1.0`,
      {...alice, PITON_REGISTRY_PASSWORD: 'wr0ng'},
      /^REGISTRY_UNAUTHORIZED: .*credentials of PITON_REGISTRY_USERNAME/,
    ],
    [
      'a stranger with a token for nothing',
      () => `${tokens.host}/private/shop:1.0`,
      nobody,
      /^REGISTRY_UNAUTHORIZED: .*to strangers/,
    ],
    [
      'a wrong password for a token',
      () => `${tokens.host}/private/shop:1.0`,
      {...alice, PITON_REGISTRY_PASSWORD: 'wr0ng'},
      /^REGISTRY_UNAUTHORIZED: .*credentials of PITON_REGISTRY_USERNAME/,
    ],
    [
      'an unknown tag',
      () => `${plain.host}/lib/shop:gone`,
      nobody,
      /^REGISTRY_NOT_FOUND: .*\(404, MANIFEST_UNKNOWN\)$/,
    ],
    ['an unknown repository', () => `${plain.host}/lib/gone:1.0`, nobody, /^REGISTRY_NOT_FOUND: /],
    [
      'an unknown digest',
      () => `${plain.host}/lib/shop@${digestOf(Buffer.from('x'))}`,
      nobody,
      /^REGISTRY_NOT_FOUND: /,
    ],
  ]
  for (const [name, target, env, says] of refused) {
    test(`refuses ${name}`, async () => {
      const message = await failureOf(said(target(), null, env))
      expect(message).toMatch(says)
      expect(message).not.toMatch(/s3cret|wr0ng/)
    })
  }

  test('has no image for another platform', async () => {
    expect(await failureOf(said(`${plain.host}/lib/index:1.0`, 'linux/s390x'))).toMatch(/^IMAGE_NO_PLATFORM: /)
  })

  test('gives a blob that was changed on its disk', async () => {
    const registry = await openRegistry()
    open.push(registry)
    await push(`oci-archive:${index}`, `${registry.host}/lib/index:1.0`, '--all')
    const image = await openSource(`${registry.host}/lib/index:1.0`, {
      platform: null,
      verify: false,
      registry: {env: nobody},
    })
    image.close()
    const manifest = JSON.parse(await inspect(`${registry.host}/lib/index@${image.manifestDigest}`))
    const hex = manifest.layers[0].digest.slice('sha256:'.length)
    const path = join(registry.data, 'docker/registry/v2/blobs/sha256', hex.slice(0, 2), hex, 'data')
    const bytes = readFileSync(path)
    // The last bytes of gzip are the size of what it inflates to: damaged, and of the same length.
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1
    writeFileSync(path, bytes)
    expect(createHash('sha256').update(bytes).digest('hex')).not.toBe(hex)
    expect(await failureOf(find(registry, 'lib/index:1.0'))).toMatch(
      /^(?:IMAGE_DIGEST_MISMATCH|ARCHIVE_BAD_COMPRESSION): /,
    )
  })

  const runs: [name: string, target: () => string, env: NodeJS.ProcessEnv, status: number, says: RegExp][] = [
    ['findings', () => `${tokens.host}/private/shop:1.0`, alice, 1, /^piton: --fail-on high: /m],
    [
      'a stranger',
      () => `${tokens.host}/private/shop:1.0`,
      nobody,
      2,
      /^piton: \S+ does not give \S+ to strangers\. .*\n/m,
    ],
    [
      'a wrong password',
      () => `${secured.host}/lib/shop:1.0`,
      {...alice, PITON_REGISTRY_PASSWORD: 'wr0ng'},
      2,
      /^piton: /,
    ],
  ]
  for (const [name, target, env, status, says] of runs) {
    test.skipIf(!isBuilt)(`is read by the program as it is built: ${name}`, async () => {
      const args = [program, 'scan', '--debug', '--fail-on', 'high', '-o', 'json', target()]
      const ran = await run(process.execPath, args, {...env, PATH: process.env['PATH']})
      expect(ran).toMatchObject({status, stderr: expect.stringMatching(says)})
      expect(`${ran.stdout}${ran.stderr}`).not.toMatch(/s3cret|wr0ng|Bearer|Basic/)
      if (status === 1) expect(JSON.parse(ran.stdout).target.reference).toBe(`registry:${target()}`)
    })
  }

  test('is killed in the middle of a layer', async () => {
    const registry = await openRegistry()
    open.push(registry)
    await push(`oci-archive:${large}`, `${registry.host}/lib/large:1.0`)
    const image = await openSource(`${registry.host}/lib/large:1.0`, {
      platform: null,
      verify: false,
      registry: {env: nobody, limits: {backoffMs: 10}},
    })
    const reading = image.readLayers(image.layers, async content => {
      if (content.kind !== 'stream') return
      for await (const _ of content.tar) registry.kill()
    })
    expect(await failureOf(reading)).toMatch(/^NET_(?:UNREACHABLE|CUT): /)
    image.close()
  })

  test('is taken up again where a connection was cut', async () => {
    await push(`oci-archive:${large}`, `${plain.host}/lib/large:1.0`)
    const proxy = await cuttingProxy(plain.host, 10 << 20)
    const image = await openSource(`${proxy.host}/lib/large:1.0`, {
      platform: null,
      verify: false,
      registry: {env: nobody, limits: {backoffMs: 10}},
    })
    const [sizeBytes] = await image.readLayers(image.layers, async content => {
      let size = 0
      if (content.kind === 'stream') for await (const chunk of content.tar) size += chunk.length
      return size
    })
    image.close()
    proxy.close()
    expect(sizeBytes).toBeGreaterThan(64 << 20)
  })
})

/** Not synchronously: this process is the token server. */
function run(file: string, args: readonly string[], env: NodeJS.ProcessEnv) {
  return new Promise<{readonly status: unknown; readonly stdout: string; readonly stderr: string}>(resolve => {
    execFile(file, args, {env}, (error, stdout, stderr) => resolve({status: error?.code ?? 0, stdout, stderr}))
  })
}
