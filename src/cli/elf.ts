import {join} from 'node:path'
import {elfFile} from '../facts/elf-collector.js'
import {listElfFiles} from '../facts/elf-files.js'
import {factsOfFiles} from '../facts/index.js'
import {ElfError, PitonError, SourceError} from '../model/errors.js'
import type {OnEvent} from '../model/event.js'
import type {ElfFile} from '../model/facts.js'
import type {Threshold} from '../model/severity.js'
import {count, visible} from '../model/text.js'
import type {Warning} from '../model/warning.js'
import {failsOn} from '../policy/index.js'
import {elfFormats} from '../report/elf.js'
import {mergeLayers} from '../rootfs/index.js'
import {countFiles} from '../rootfs/merge.js'
import {hardeningRules} from '../rules/hardening/index.js'
import {runRules} from '../rules/run.js'
import {openElf, openElfFolder} from '../source/elf.js'
import {statOf} from '../source/file.js'
import {exitCodes} from './errors.js'
import {expandPaths, type NamedPath} from './glob.js'
import {Outputs} from './outputs.js'
import {Progress} from './progress.js'
import {today} from './today.js'

export interface ElfFlags {
  readonly outputs: readonly string[]
  readonly failOn: Threshold
  readonly allowEmpty: boolean
  readonly strict: boolean
  readonly progress: boolean
  readonly quiet: boolean
}

/** Lines of one kind on standard error before the rest is only counted. */
const linesShown = 20

/** `piton elf`: reads files by themselves, prints what they are, and says which exit code that makes. */
export async function runElf(paths: readonly string[], flags: ElfFlags): Promise<number> {
  const targets = expandPaths(paths)
  const outputs = new Outputs(flags.outputs, elfFormats)
  const progress = new Progress(process.stderr, flags.progress)
  try {
    const {files, lookedAt, warnings, errors} = await readAll(targets, progress.on)
    progress.clear()
    refuseNothing(files, lookedAt, errors, paths, flags.allowEmpty)
    const findings = runRules(hardeningRules, factsOfFiles(files, today()), {image: null, layers: []})
    await outputs.write({files, findings, lookedAt})
    printLines(errors.map(({message}) => message))
    if (!flags.quiet) printLines(warnings.map(({message}) => `warning: ${message}`))
    if (errors.length > 0 || (flags.strict && warnings.length > 0)) return exitCodes.failed
    return failsOn(findings, flags.failOn) ? exitCodes.findings : exitCodes.done
  } finally {
    progress.clear()
    outputs.discard()
  }
}

/** What one path, or all of them, held. */
interface Found {
  readonly files: readonly ElfFile[]
  readonly lookedAt: number
  readonly warnings: readonly Warning[]
  /** Paths that were typed and are no ELF file, or cannot be read. */
  readonly errors: readonly PitonError[]
}

async function readAll(targets: readonly NamedPath[], on: OnEvent): Promise<Found> {
  const files = new Map<string, ElfFile>()
  const warnings: Warning[] = []
  const errors: PitonError[] = []
  let lookedAt = 0
  for (const {path, isNamed} of targets) {
    on({type: 'open', target: path})
    try {
      const found = await readPath(path, on)
      // Folders may hold each other.
      for (const file of found.files) files.set(file.path, file)
      lookedAt += found.lookedAt
      warnings.push(...found.warnings)
    } catch (error) {
      if (!(error instanceof PitonError)) throw error
      if (isNamed) errors.push(error)
      else lookedAt++
    }
  }
  return {files: [...files.values()], lookedAt, warnings, errors}
}

/** The ELF files of a folder, or one file. */
async function readPath(path: string, on: OnEvent): Promise<Omit<Found, 'errors'>> {
  const isFolder = statOf(path)?.isDirectory() === true
  const image = isFolder ? openElfFolder(path) : openElf(path)
  try {
    const view = await mergeLayers(image, [elfFile], on)
    const warnings: Warning[] = []
    const files = listElfFiles(view, new Map(), null, warning => warnings.push(warning))
    const said = [...view.warnings, ...warnings]
    const [first] = said
    if (!isFolder && files.length === 0) {
      const message = first?.message ?? `${path} cannot be read as an ELF file`
      throw new ElfError('ELF_BAD_HEADER', message, {hint: 'The file is damaged, or cut short.'})
    }
    return {
      files: isFolder ? files.map(file => below(path, file)) : files.map(file => ({...file, path})),
      lookedAt: countFiles(view.root),
      warnings: isFolder ? said.map(warning => ({...warning, message: `${path}: ${warning.message}`})) : said,
    }
  } finally {
    image.close()
  }
}

/** Paths in a folder, as a person would write them. */
function below(folder: string, file: ElfFile): ElfFile {
  return {...file, path: join(folder, file.path), sameAs: file.sameAs && join(folder, file.sameAs)}
}

/** "Nothing missing" must never mean "nothing looked at". */
function refuseNothing(
  files: readonly ElfFile[],
  lookedAt: number,
  errors: readonly PitonError[],
  paths: readonly string[],
  allowEmpty: boolean,
): void {
  const [first] = errors
  if (files.length > 0) return
  if (first !== undefined && errors.length === 1) throw first
  if (allowEmpty || errors.length > 0) return
  throw new SourceError('SOURCE_EMPTY', `no ELF file among the ${count(lookedAt, 'file')} of ${paths.join(' ')}`, {
    hint: '--allow-empty makes this exit code 0.',
  })
}

function printLines(lines: readonly string[]): void {
  const shown = lines.slice(0, linesShown).map(visible)
  const left = lines.length - shown.length
  if (left > 0) shown.push(`and ${left} more like it`)
  process.stderr.write(shown.map(line => `piton: ${line}\n`).join(''))
}
