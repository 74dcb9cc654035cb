import {existsSync, mkdirSync} from 'node:fs'
import {createRequire} from 'node:module'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {shared} from '../support/shared.js'
import {type BenchImage, benchImages} from './inputs.js'
import {type Command, type Measured, measure, measureOften} from './measure.js'

/**
 * `npm run bench`: images that this machine can make, beside what a user would otherwise run on the same files: Node and
 * the usual programs that only inflate them, and snyk-docker-plugin, which only lists packages.
 * `PITON_BENCH_FOLDER` says where the images are kept, `PITON_BENCH_SNYK` where snyk-docker-plugin is installed.
 */

const root = fileURLToPath(new URL('../..', import.meta.url))
const program = join(root, 'bin/run.js')
const work = process.env['PITON_BENCH_FOLDER'] ?? join(root, '.bench')
const rounds = Number(process.env['PITON_BENCH_IMAGE_ROUNDS'] ?? 3)

interface Row {
  readonly what: string
  readonly measured: Measured
  readonly ratios: readonly string[]
}

const inflate = `
  const {createReadStream} = require('node:fs')
  const {createGunzip} = require('node:zlib')
  ;(async () => {
    for (const file of process.argv.slice(1))
      for await (const _ of createReadStream(file, {highWaterMark: 1 << 20}).pipe(createGunzip({chunkSize: 1 << 18})));
  })()`

mkdirSync(work, {recursive: true})
const start = await measureOften({argv: ['-e', '0']}, 9)
const plainVersion = await measureOften({argv: [program, '--version'], plain: true}, 9)
const snyk = findSnyk()
if (snyk === null)
  console.log('snyk-docker-plugin is not installed: no ratio to it. PITON_BENCH_SNYK names its folder.')
for (const image of await benchImages(work, shared('corpus/rootfs/alpine-3.19.0-aarch64.tar.gz'))) {
  console.log(`\n${image.name}, ${image.form} (${(image.bytes / 1e6).toFixed(0)} MB)`)
  for (const {what, measured, ratios} of await rowsOf(image)) {
    const peak = measured.peakBytes === null ? '' : `${(measured.peakBytes / 1e6).toFixed(0)} MB`
    console.log(
      `  ${what.padEnd(34)}${measured.milliseconds.toFixed(0).padStart(7)} ms${peak.padStart(9)}  ${ratios.join('  ')}`,
    )
  }
}

async function rowsOf(image: BenchImage): Promise<Row[]> {
  const others: [string, Measured][] = []
  for (const [what, command] of othersFor(image))
    others.push([what, await measureOften(command, what.startsWith('snyk') ? 1 : rounds)])
  const rows: Row[] = others.map(([what, measured]) => ({what, measured, ratios: []}))
  const scans: [string, readonly string[]][] = [
    ['piton scan', ['--no-cache']],
    ...(image.form === 'docker-archive'
      ? [['piton scan --verify', ['--no-cache', '--verify']] as [string, string[]]]
      : []),
    ['piton scan, second time', []],
  ]
  for (const [what, flags] of scans) {
    const argv = [program, 'scan', '--no-progress', ...flags, image.path]
    const isAgain = flags.length === 0
    const command = {argv, plain: isAgain, env: {XDG_CACHE_HOME: join(work, 'cache')}}
    if (isAgain) await measure(command)
    const measured = await measureOften(command, isAgain ? 9 : rounds)
    const ratio = (other: Measured) => (measured.milliseconds / other.milliseconds).toFixed(2)
    rows.push({
      what,
      measured,
      ratios: [
        `${ratio(start)} x node -e 0`,
        ...(isAgain ? [`${ratio(plainVersion)} x piton --version`] : []),
        ...others.map(([name, other]) => `${ratio(other)} x ${name}`),
      ],
    })
  }
  return rows
}

function othersFor({form, blobs, path}: BenchImage): [string, Command][] {
  const listing: [string, Command][] = snyk === null ? [] : [['snyk', {argv: ['-e', snyk, path]}]]
  switch (form) {
    case 'docker-archive':
      return listing
    case 'OCI gzip':
      return [
        ['Node gunzip', {argv: ['-e', inflate, ...blobs]}],
        ['gzip -dc', {program: 'gzip', argv: ['-dc', ...blobs]}],
        ...listing,
      ]
    case 'OCI zstd':
      // snyk-docker-plugin finds nothing in such layers.
      return [['zstd -dc', {program: 'zstd', argv: ['-dcq', ...blobs]}]]
  }
}

/** A program that lists the packages of the archive that it is given, with snyk-docker-plugin. */
function findSnyk(): string | null {
  const folder = process.env['PITON_BENCH_SNYK'] ?? join(work, 'snyk')
  const packageFile = join(folder, 'package.json')
  if (!existsSync(packageFile)) return null
  try {
    const plugin = createRequire(packageFile).resolve('snyk-docker-plugin')
    const scheme = '(process.argv[1].endsWith("docker-archive.tar") ? "docker-archive:" : "oci-archive:")'
    return `require(${JSON.stringify(plugin)}).scan({path: ${scheme} + process.argv[1]}).then(() => process.exit(0))`
  } catch {
    return null
  }
}
