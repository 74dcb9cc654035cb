import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {oneErrorLine, piton, terminalCommands} from '../support/piton.js'
import {shared} from '../support/shared.js'

const rootfs = shared('corpus/rootfs')
const images = shared('corpus/images')

/** A line of rootfs/index.ndjson. */
interface Row {
  readonly file: string
  readonly alpine_release: string
  readonly apk_packages: number
  readonly musl: string
  readonly elf_files: number
  readonly pkg_arch: Readonly<Record<string, number>>
}

const systems: Row[] = rootfs === null ? [] : linesOf(join(rootfs, 'index.ndjson'))
const system = (release: string): Row => systems.find(row => row.alpine_release === release) as Row

describe.skipIf(rootfs === null).concurrent('root file systems', () => {
  for (const row of systems) {
    test(row.file, async () => {
      const report = await reportOf(join(rootfs ?? '', row.file))
      expect(report.packages).toHaveLength(row.apk_packages)
      expect(report.release).toMatchObject({id: 'alpine', version: row.alpine_release, musl: row.musl})
      // QUIRKS.md section 2: the secdb of 2025-01-04 begins with v3.2 and ends with v3.21.
      const isCovered = !/^3\.(?:1|23)\./.test(row.alpine_release)
      expect([report.complete, report.warnings.map(({code}) => code)]).toEqual(
        isCovered ? [true, []] : [false, ['ADVISORIES_NONE']],
      )
      expect(countBy(report.packages, ({architecture}) => architecture)).toEqual(row.pkg_arch)
    })
  }
})

describe.skipIf(images === null).concurrent('images', () => {
  /** Packages and release: of images made of the trees in rootfs/, those of the tree; else from the database in them. */
  const scanned: [target: string, flags: string[], packages: number | string, release: string][] = [
    ['single-aarch64.docker.tar.gz', [], '3.19.0', '3.19.0'],
    ['index-nested-attest.oci.tar', ['--platform', 'linux/amd64'], '3.1.4', '3.1.4'],
    ['index-nested-attest.oci.tar', ['--platform', 'linux/arm64'], '3.9.0', '3.9.0'],
    ['index-nested-attest.oci.tar', ['--platform', 'linux/arm/v6'], '3.6.3', '3.6.3'],
    ['index-flat.layout', ['--platform', 'linux/arm64'], '3.9.0', '3.9.0'],
    ['docker-archive:legacy-two-images.docker.tar:old:3.9', [], '3.9.0', '3.9.0'],
    ['docker-archive:legacy-two-images.docker.tar:old:3.9-app', [], '3.9.0', '3.9.0'],
    // index.ndjson: "layer 2 db lists 54 packages".
    ['db-without-files.oci.tar', [], 54, '3.23.2'],
  ]
  for (const [target, flags, packages, release] of scanned) {
    test(`${target} ${flags.join(' ')}`, async () => {
      const report = await reportOf(inImages(target), flags)
      expect(report.packages).toHaveLength(typeof packages === 'number' ? packages : system(packages).apk_packages)
      expect(report.release?.version).toBe(release)
    })
  }

  test('one image in four forms: the same packages, layers and findings', async () => {
    const forms = ['multi-gzip.oci.tar', 'multi-zstd.oci.tar', 'multi-mixed.oci.tar', 'multi.docker.tar']
    const reports = await Promise.all(forms.map(form => reportOf(inImages(form))))
    const told = reports.map(({packages, findings}) => ({
      packages,
      findings: findings.map(({rule, path}) => [rule, path]),
    }))
    expect(told[0]?.packages.length).toBeGreaterThan(0)
    // index.ndjson: the package database is upgraded in layer 2.
    expect(new Set(told[0]?.packages.map(({layer}) => layer)).size).toBeGreaterThan(1)
    for (const other of told.slice(1)) expect(other).toEqual(told[0])
  })

  /** Images of public test suites: what skopeo says of them stands in index.ndjson. */
  const real: [target: string, flags: string[], said: RegExp | number][] = [
    ['real-containerd-alpine-3.14.tar', [], 14],
    // One manifest and its attestation: the only image is taken, whatever its platform.
    ['real-containerd-busybox-attestation.tar', [], 0],
    ['real-docker-oci-hello-world.tar', [], 0],
    ['real-kaniko.tar', ['--allow-empty'], 0],
    ['real-docker-overwrite.tar', ['--allow-empty'], 0],
    ['real-docker-symlink-basic.tar', ['--allow-empty'], 0],
    ['real-docker-symlink-cycle.tar', ['--allow-empty'], 0],
    ['real-docker-symlink-depth.tar', ['--allow-empty'], 0],
    ['real-docker-overwrite.tar', [], /nothing that piton knows/],
    ['real-oci-alpine-3.12-cut.tar', [], /is sha256:bf2fa49511dd[0-9a-f]+, but it should be sha256:df20fa9351a1/],
    // Its last block is cut, which takes nothing from it, and it holds one layer of three, without a program.
    [
      'real-docker-nginx-debian-buildinfo.tar',
      [],
      /nothing that piton knows .*Debian GNU\/Linux 10 .*1 layer, .* names 3/,
    ],
    ['legacy-two-images.docker.tar', [], /2 images: say which/],
    ['index-flat.layout', ['--platform', 'linux/s390x'], /no image for linux\/s390x/],
  ]
  for (const [target, flags, said] of real) {
    test(`${target} ${flags.join(' ')}`, async () => {
      const ran = await piton(['scan', '-o', 'json', ...flags, inImages(target)])
      expect(ran.stdout).not.toMatch(terminalCommands)
      if (typeof said === 'number') {
        expect([ran.code, ran.stderr]).toEqual([0, ''])
        expect(JSON.parse(ran.stdout).packages).toHaveLength(said)
      } else {
        expect([ran.code, ran.stdout]).toEqual([2, ''])
        expect(ran.stderr).toMatch(oneErrorLine)
        expect(ran.stderr).toMatch(said)
      }
    })
  }

  test('real-docker-os-release-symlink.tar has fewer layers than its configuration names: read, and said', async () => {
    const report = await reportOf(inImages('real-docker-os-release-symlink.tar'), ['--allow-empty'])
    expect(report.complete).toBe(false)
    expect(report.warnings.map(({code}) => code)).toContain('IMAGE_LAYER_COUNT')
  })
})

interface Report {
  readonly complete: boolean
  readonly release: {readonly id: string; readonly version: string; readonly musl: string | null} | null
  readonly warnings: readonly {readonly code: string}[]
  readonly packages: readonly {readonly name: string; readonly architecture: string; readonly layer: number}[]
  readonly findings: readonly {readonly rule: string; readonly path: string | null}[]
}

async function reportOf(target: string, flags: readonly string[] = []): Promise<Report> {
  const ran = await piton(['scan', '-o', 'json', ...flags, target])
  expect([ran.code, ran.stderr]).toEqual([0, ''])
  expect(ran.stdout).not.toMatch(terminalCommands)
  return JSON.parse(ran.stdout)
}

/** The file, with its scheme and tag where there are any. */
function inImages(target: string): string {
  const scheme = /^[a-z-]+:/.exec(target)?.[0] ?? ''
  return `${scheme}${join(images ?? '', target.slice(scheme.length))}`
}

function countBy<Item>(items: readonly Item[], key: (item: Item) => string): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const item of items) counts[key(item)] = (counts[key(item)] ?? 0) + 1
  return counts
}

function linesOf(file: string): Row[] {
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map(line => JSON.parse(line))
}
