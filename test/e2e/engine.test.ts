import {chmodSync} from 'node:fs'
import {dirname} from 'node:path'
import {expect, test} from 'vitest'
import {engineServer} from '../support/engine-server.js'
import {dockerArchive} from '../support/images.js'
import {oneErrorLine, piton} from '../support/piton.js'
import {smallSystem} from '../support/small-system.js'
import {tarOf} from '../support/tar.js'

const archive = dockerArchive({layers: [tarOf(smallSystem)], tags: ['app:1.0'], createdBy: ['ADD rootfs /']})

test('piton scan docker:app:1.0, and piton sbom podman:app:1.0', async () => {
  const {socket} = await engineServer(['app:1.0'], archive)
  const scan = await piton(['scan', 'docker:app:1.0'], {env: {DOCKER_HOST: `unix://${socket}`}})
  expect([scan.code, scan.stderr]).toEqual([0, ''])
  expect(scan.stdout).toMatch(/docker:app:1\.0\n\n +image +app:1\.0, linux\/amd64, 1 layer/)
  const sbom = await piton(['sbom', '--offline', 'podman:app:1.0'], {env: {CONTAINER_HOST: `unix://${socket}`}})
  expect([sbom.code, sbom.stderr]).toEqual([0, ''])
  expect(JSON.parse(sbom.stdout).components.length).toBe(5)
})

test.skipIf(process.platform === 'win32')('a socket that is for somebody else', async () => {
  const {socket} = await engineServer(['app:1.0'], archive)
  chmodSync(dirname(socket), 0o755)
  chmodSync(socket, 0)
  const ran = await piton(['scan', 'docker:app:1.0'], {env: {DOCKER_HOST: `unix://${socket}`}, unprivileged: true})
  expect([ran.code, ran.stdout]).toEqual([2, ''])
  expect(ran.stderr).toMatch(oneErrorLine)
  expect(ran.stderr).toMatch(/this user may not use .*, the socket of Docker\..*sudo docker save IMAGE \| piton scan -/)
})

test('an engine that does not run', async () => {
  const ran = await piton(['scan', 'podman:app'], {env: {CONTAINER_HOST: 'unix:///nonexistent.sock'}})
  expect([ran.code, ran.stdout]).toEqual([2, ''])
  expect(ran.stderr).toMatch(oneErrorLine)
  expect(ran.stderr).toMatch(/Podman does not answer: \/nonexistent\.sock \(not there\)/)
})
