import {answerWhy} from '../facts/why/index.js'
import {namesOf} from '../facts/why/meaning.js'
import {UsageError} from '../model/errors.js'
import type {Facts} from '../model/facts.js'
import {visible} from '../model/text.js'
import type {Warning} from '../model/warning.js'
import {whyFormats} from '../report/why.js'
import {scan} from '../scan.js'
import {openCache} from './cache.js'
import {chooseDatabase, libcTables} from './database.js'
import {dockerfileSearch} from './dockerfiles.js'
import {exitCodes} from './errors.js'
import {Outputs} from './outputs.js'
import type {PlacementOptions} from './placement-flags.js'
import {Progress} from './progress.js'
import {failsStrict, scanOptions} from './scan-and-write.js'
import {question, suggest} from './suggest.js'
import type {TargetOptions} from './target-flags.js'

export interface WhyFlags extends TargetOptions {
  readonly database: string | undefined
  /** The program's folder, which holds `data/`. */
  readonly root: string
  readonly placement: Pick<PlacementOptions, 'dockerfile' | 'stage'>
}

/**
 * `piton why NAME --image TARGET`: who needs a package, a file or a library of an image, and who brought it.
 * @throws {UsageError} for a name that is not in the image
 */
export async function runWhy(asked: string, target: string, flags: WhyFlags): Promise<number> {
  const warnings: Warning[] = []
  const database = chooseDatabase(flags.database, flags.root, warning => warnings.push(warning))
  const decided = {
    database,
    libc: libcTables(flags.root),
    dockerfile: dockerfileSearch(flags.placement),
    warnings,
  }
  const options = scanOptions(flags, decided)
  const outputs = new Outputs(flags.outputs, whyFormats)
  const progress = new Progress(process.stderr, flags.progress)
  const cache = flags.cache ? openCache(flags.debug) : null
  try {
    const result = await scan(target, {...options, cache}, progress.on)
    progress.clear()
    const {report, facts, remaining, locate} = result
    const answer = answerWhy(asked, {facts, findings: remaining, layers: report.target.layers, locate})
    if (answer === null) throw notThere(asked, facts, report.target.name ?? report.target.reference)
    await outputs.write({...answer, report})
    if (!flags.quiet)
      for (const warning of report.warnings) process.stderr.write(`piton: warning: ${visible(warning.message)}\n`)
    return failsStrict(result, flags) ? exitCodes.failed : exitCodes.done
  } finally {
    progress.clear()
    outputs.discard()
    cache?.close()
  }
}

function notThere(asked: string, facts: Facts, target: string): UsageError {
  const hint =
    question(suggest(asked, namesOf(facts))) ??
    'It knows packages, ELF files and scripts; piton sbom lists the packages.'
  return new UsageError('USAGE', `nothing in ${target} is called ${JSON.stringify(asked)}`, {hint})
}
