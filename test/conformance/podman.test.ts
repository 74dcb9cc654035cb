import {type ChildProcess, spawn} from 'node:child_process'
import {existsSync, mkdtempSync, readFileSync, rmSync} from 'node:fs'
import {request} from 'node:http'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {shippedDatabase} from '../../src/index.js'
import {PitonError} from '../../src/model/errors.js'
import {scan} from '../../src/scan.js'
import {parsePlatform} from '../../src/source/platform.js'
import {hasTool} from '../support/readelf.js'

const shop = fileURLToPath(new URL('../fixtures/images/shop.tar', import.meta.url))

/** What a scan says, but for what only the engine or only the archive knows. */
async function said(target: string, env: NodeJS.ProcessEnv, verify = false) {
  const options = {verify, database: shippedDatabase(), today: '2025-02-01', registry: {env}}
  const {report} = await scan(target, options)
  const findings = report.findings.map(({fingerprint: _, ...finding}) => finding)
  const {imageID, layers} = report.target
  const {packages, files, warnings, release} = report
  return {findings, imageID, layers: layers.map(({diffID}) => diffID), packages, files, warnings, release}
}

describe.skipIf(!hasTool('podman'))('a real engine: podman', () => {
  const folder = mkdtempSync(join(tmpdir(), 'piton-podman-'))
  const socket = join(folder, 'podman.sock')
  /** Docker's API is podman's as well. */
  const env = {HOME: folder, CONTAINER_HOST: `unix://${socket}`, DOCKER_HOST: `unix://${socket}`}
  let service: ChildProcess

  beforeAll(async () => {
    const store = ['--root', join(folder, 'root'), '--runroot', join(folder, 'run'), '--storage-driver', 'vfs']
    const flags = [...store, '--cgroup-manager', 'cgroupfs', 'system', 'service', '--time', '0', `unix://${socket}`]
    service = spawn('podman', flags, {stdio: 'ignore'})
    for (let round = 0; !existsSync(socket); round++) {
      if (service.exitCode !== null || round > 600) throw new Error(`podman does not serve (${service.exitCode})`)
      await new Promise(resolve => setTimeout(resolve, 100))
    }
    await load(socket, readFileSync(shop))
  })

  afterAll(() => {
    service.kill()
    rmSync(folder, {recursive: true, force: true})
  })

  for (const target of ['podman:shop:1.0', 'podman:localhost/shop:1.0', 'docker:shop:1.0']) {
    test(`${target} has what its archive has`, async () => {
      const fromEngine = await said(target, env)
      expect(fromEngine).toEqual(await said(`docker-archive:${shop}`, env))
      expect(fromEngine.findings.length).toBeGreaterThan(10)
    })
  }

  test('its layers have the digests that they should have', async () => {
    expect((await said('podman:shop:1.0', env, true)).layers).toHaveLength(3)
  })

  test('by its ID, whole or shortened', async () => {
    const {imageID, ...rest} = await said('podman:shop:1.0', env)
    expect(imageID).toMatch(/^sha256:/)
    for (const id of [imageID, imageID?.slice('sha256:'.length, 20)]) {
      expect(await said(`podman:${id}`, env)).toEqual({imageID, ...rest})
    }
  })

  test('an image that there is not', async () => {
    for (const name of ['shop:2.0', 'shop', 'nothing']) {
      const error: unknown = await said(`podman:${name}`, env).catch(error => error)
      expect(error).toBeInstanceOf(PitonError)
      expect(error).toMatchObject({code: 'ENGINE_NOT_FOUND'})
    }
  })

  test('a platform that there is not', async () => {
    const options = {platform: parsePlatform('linux/s390x'), database: null, today: '2025-02-01', registry: {env}}
    const error: unknown = await scan('podman:shop:1.0', options).catch(error => error)
    expect(error).toMatchObject({code: 'IMAGE_NO_PLATFORM', hint: expect.stringContaining('linux/amd64')})
  })
})

/** `POST /images/load` */
function load(socketPath: string, archive: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = {'content-type': 'application/x-tar'}
    const sent = request({socketPath, method: 'POST', path: '/images/load', headers}, response => {
      response.resume()
      response.on('end', () => (response.statusCode === 200 ? resolve() : reject(new Error('podman does not load it'))))
    })
    sent.on('error', reject)
    sent.end(archive)
  })
}
