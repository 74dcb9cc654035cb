import {rmSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {temporaryFolder} from '../support/files.js'
import {piton} from '../support/piton.js'
import {shared} from '../support/shared.js'

const images = shared('corpus/images')
const rootfs = shared('corpus/rootfs')

/** Real images: what earlier scans saw must change no byte of a report. */
const targets: string[][] = [
  [`${images}/multi.docker.tar`],
  [`${images}/multi-gzip.oci.tar`],
  [`${images}/multi-zstd.oci.tar`],
  [`${images}/multi-mixed.oci.tar`],
  [`${images}/single-aarch64.docker.tar.gz`],
  [`${images}/index-nested-attest.oci.tar`, '--platform', 'linux/amd64'],
  [`${images}/index-nested-attest.oci.tar`, '--platform', 'linux/arm64'],
  [`oci:${images}/index-flat.layout`, '--platform', 'linux/arm64'],
  [`docker-archive:${images}/legacy-two-images.docker.tar:old:3.9`],
  [`docker-archive:${images}/legacy-two-images.docker.tar:old:3.9-app`],
  [`${images}/db-without-files.oci.tar`],
  [`${images}/real-containerd-alpine-3.14.tar`],
  [`${images}/real-containerd-busybox-attestation.tar`],
  [`${images}/real-docker-nginx-debian-buildinfo.tar`],
  [`${images}/real-docker-os-release-symlink.tar`],
  [`${images}/real-docker-symlink-cycle.tar`],
  [`${rootfs}/alpine-3.19.0-aarch64.tar.gz`],
]
const commands: string[][] = [
  ['scan', '-o', 'json', '--integrity'],
  ['audit', '-o', 'json'],
]

describe.skipIf(images === null || rootfs === null).concurrent('the same bytes with and without a cache', () => {
  for (const [target = '', ...flags] of targets) {
    test(`${target.replace(/^.*\//, '')} ${flags.join(' ')}`, async () => {
      const home = temporaryFolder()
      const run = async (command: readonly string[], days: string, more: readonly string[] = []) => {
        const args = [...command, '--allow-empty', '--at', days, ...flags, ...more, target]
        const {code, stdout, stderr} = await piton(args, {env: {XDG_CACHE_HOME: home}})
        return {code, stdout, stderr}
      }
      for (const command of commands) {
        const anew = await run(command, '2025-02-01', ['--no-cache'])
        expect([anew.code, anew.stderr]).toEqual([0, ''])
        expect(await run(command, '2025-02-01')).toEqual(anew)
        expect(await run(command, '2025-02-01')).toEqual(anew)
        // Layers are known, and what was seen in all of them together is not.
        expect(await run(command, '2025-02-02')).toEqual(await run(command, '2025-02-02', ['--no-cache']))
      }
      rmSync(join(home, 'piton'), {recursive: true})
    })
  }
})
