import {DockerfileError} from '../dockerfile/error.js'
import {mapLayers} from '../dockerfile/map.js'
import {fixDockerfile} from '../fix/index.js'
import {UsageError} from '../model/errors.js'
import type {Fix} from '../model/fix.js'
import {visible} from '../model/text.js'
import {fixFormats} from '../report/fix.js'
import {type ScanResult, scan} from '../scan.js'
import {openCache} from './cache.js'
import {decideScan, type ScanDecisions} from './decide-scan.js'
import {dockerfileSearch, type FoundDockerfile} from './dockerfiles.js'
import {exitCodes} from './errors.js'
import {interruption} from './interrupt.js'
import {Outputs} from './outputs.js'
import {Progress} from './progress.js'
import {failsStrictly, scanOptions} from './scan-and-write.js'
import type {TargetOptions} from './target-flags.js'
import {refuseOtherEncodings, writeDockerfile} from './write-dockerfile.js'

export interface FixFlags extends TargetOptions, ScanDecisions {
  /** Change the file, not only show how. */
  readonly write: boolean
}

/** The image of `piton fix TARGET` and `piton fix --image TARGET`. */
export function targetOf(argument: string | undefined, image: string | undefined): string {
  const target = argument ?? image
  if (target !== undefined && (argument === undefined || image === undefined)) return target
  const what =
    target === undefined
      ? 'piton fix needs the image that was built from the Dockerfile'
      : 'the image of piton fix is TARGET or --image, not both'
  throw new UsageError('USAGE', what, {
    hint: 'For example: piton fix app.tar --dockerfile Dockerfile.',
  })
}

/** `piton fix TARGET`: shows, or makes, the edit of the Dockerfile that takes away findings of its image. */
export async function runFix(target: string, flags: FixFlags): Promise<number> {
  const interrupted = interruption()
  const outputs = new Outputs(flags.outputs, fixFormats)
  const progress = new Progress(process.stderr, flags.progress)
  const cache = flags.cache ? openCache(flags.debug) : null
  try {
    const found: FoundDockerfile[] = []
    const search = dockerfileSearch(flags)
    if (search.given !== null) found.push(search.given)
    const find = (labelled: string | null) => {
      found.push(...search.find(labelled))
      return found
    }
    const decided = {...(await decideScan(flags)), dockerfile: {...search, find}}
    const options = {...scanOptions(flags, decided), signal: interrupted.signal, cache}
    const result = await scan(target, options, progress.on)
    progress.clear()
    const dockerfile = chosenOf(result, found, flags)
    refuseOtherEncodings(dockerfile.onDisk, dockerfile.text)
    const asked = fixOf(result, dockerfile, flags)
    const fails = failsStrictly(asked.warnings.length, flags)
    const fix = {...asked, written: asked.written && !fails}
    if (fix.written) writeDockerfile(dockerfile.onDisk, fix.before, fix.after)
    await outputs.write(fix)
    if (!flags.quiet) {
      for (const {message} of fix.warnings) process.stderr.write(`piton: warning: ${visible(message)}\n`)
    }
    return fails ? exitCodes.failed : exitCodes.done
  } finally {
    progress.clear()
    outputs.discard()
    cache?.close()
    interrupted.release()
  }
}

function fixOf(
  {report, facts, remaining, upgrades, build}: ScanResult,
  dockerfile: FoundDockerfile,
  flags: FixFlags,
): Fix {
  const {reference, name, base, layers} = report.target
  const plan = fixDockerfile({
    dockerfile,
    stage: flags.stage ?? null,
    history: build?.history ?? [],
    platform: build?.platform ?? null,
    layers,
    reference,
    facts,
    findings: remaining,
    upgrades,
  })
  // What has changed in a Dockerfile since is what an edit of it is for; what is no image has no history.
  const isExpected = (code: string) =>
    code === 'DOCKERFILE_CHANGED' || (code === 'DOCKERFILE_HISTORY' && (build?.history ?? []).length === 0)
  return {
    ...plan,
    target: {reference, name, base},
    file: dockerfile.path,
    before: dockerfile.text,
    indexDate: upgrades?.indexDate ?? null,
    branch: facts.release?.branch ?? null,
    architecture: facts.packages.find(({architecture: own}) => own !== '' && own !== 'noarch')?.architecture ?? null,
    written: flags.write && plan.after !== dockerfile.text,
    warnings: report.warnings.filter(({code}) => !isExpected(code)),
  }
}

/** The one that the scan chose; else, where only one has no layers of its own to tell by, that one. */
function chosenOf({build, report}: ScanResult, found: readonly FoundDockerfile[], flags: FixFlags): FoundDockerfile {
  const chosen = build?.map.dockerfile?.file
  const dockerfile =
    chosen === undefined
      ? theOnly(found.filter(one => isPossible(one, build, report, flags)))
      : found.find(({path}) => path === chosen)
  if (dockerfile !== undefined) return dockerfile
  throw new DockerfileError(
    'DOCKERFILE_NOT_FOUND',
    `there is no Dockerfile here that ${report.target.name ?? report.target.reference} was built from`,
    {hint: 'Name it with --dockerfile FILE.'},
  )
}

function theOnly<Item>(items: readonly Item[]): Item | undefined {
  return items.length === 1 ? items[0] : undefined
}

/** Could the image be built from it, as far as anything tells? */
function isPossible(
  dockerfile: FoundDockerfile,
  build: ScanResult['build'],
  {target}: ScanResult['report'],
  {stage}: FixFlags,
): boolean {
  if (build === null) return false
  try {
    const {history, platform} = build
    return mapLayers({dockerfile, target: stage ?? null, history, diffIDs: target.layers, platform}).belongs === null
  } catch (error) {
    if (error instanceof DockerfileError) return false
    throw error
  }
}
