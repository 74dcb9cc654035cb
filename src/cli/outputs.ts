import {closeSync, openSync, renameSync, rmSync, statSync, writeSync} from 'node:fs'
import {basename, dirname, join, resolve} from 'node:path'
import {OutputError, UsageError} from '../model/errors.js'
import type {Format, RenderOptions} from '../model/report.js'
import {closest} from '../policy/closest.js'
import {signalsHeard, whenInterrupted} from './interrupt.js'
import {terminalOptions} from './terminal.js'

/** One `--output FORMAT[=FILE]`. */
interface Output {
  readonly format: string
  /** null: standard output. */
  readonly file: string | null
}

/** A report that is going to be written: its file is already open, so that a scan is not done in vain. */
interface OpenOutput extends Output {
  readonly temporary: Opened | null
}

/** A file that is open for writing: beside the one asked for, or, where that is a pipe or a device, itself. */
interface Opened {
  readonly path: string
  readonly fd: number
  readonly isSpecial: boolean
}

/** What people may ask reports for them to say besides. */
export type Shown = Pick<RenderOptions, 'suppressed' | 'explain'>

/** Writes reports to where `--output` asked for them. Files appear whole or not at all. */
export class Outputs<Document> {
  readonly #formats: ReadonlyMap<string, Format<Document>>
  readonly #outputs: readonly OpenOutput[]
  readonly #release: () => void
  readonly #shown: Shown

  /**
   * @param formats by name; the first is what is written unless another is asked for
   * @param shown what was asked to be in reports for people
   * @throws {OutputError} OUTPUT_UNKNOWN_FORMAT, OUTPUT_UNWRITABLE
   * @throws {UsageError} where two reports would go to standard output
   */
  constructor(wanted: readonly string[], formats: ReadonlyMap<string, Format<Document>>, shown: Shown = {}) {
    this.#formats = formats
    this.#shown = shown
    const names = [...formats.keys()]
    const outputs = (wanted.length === 0 ? names.slice(0, 1) : wanted).map(text => parseOutput(text, names))
    if (outputs.filter(({file}) => file === null).length > 1) {
      throw new UsageError('USAGE', 'two reports cannot both go to standard output', {
        hint: `Give all but one a file: ${outputs.map(({format}, n) => `-o ${format}${n === 0 ? '' : '=FILE'}`).join(' ')}`,
      })
    }
    refuseSameFile(outputs)
    const open: OpenOutput[] = []
    this.#outputs = open
    this.#release = whenInterrupted(() => this.#remove())
    try {
      for (const output of outputs)
        open.push({...output, temporary: output.file === null ? null : openTemporary(output.file)})
    } catch (error) {
      this.discard()
      throw error
    }
  }

  /** Every report that was asked for, in order: its format, and what it is written on. */
  get media(): readonly {readonly format: string; readonly options: RenderOptions}[] {
    return this.#outputs.map(({format, file}) => {
      return {format, options: {...(file === null ? terminalOptions() : {color: false, width: 100}), ...this.#shown}}
    })
  }

  async write(document: Document): Promise<void> {
    const texts: (string | Iterable<string>)[] = []
    for (const {format, options} of this.media) {
      const made = this.#formats.get(format)
      texts.push((await (made?.pieces?.(document, options) ?? made?.render(document, options))) ?? '')
    }
    await signalsHeard()
    this.writeTexts(texts)
  }

  /** A document as text, once for each of {@link media}. */
  async render(document: Document): Promise<readonly string[]> {
    const texts: string[] = []
    for (const {format, options} of this.media) {
      texts.push((await this.#formats.get(format)?.render(document, options)) ?? '')
    }
    return texts
  }

  /** @param texts one for each of {@link media} */
  writeTexts(texts: readonly (string | Iterable<string>)[]): void {
    for (const [index, {file, temporary}] of this.#outputs.entries()) {
      const text = texts[index] ?? ''
      const pieces = typeof text === 'string' ? [text] : text
      if (temporary === null || file === null) for (const piece of pieces) process.stdout.write(piece)
      else finish(temporary, file, pieces)
    }
  }

  /** What who asked for these formats should be told besides. */
  notes(document: Document): readonly string[] {
    return this.#outputs.flatMap(({format}) => this.#formats.get(format)?.notes?.(document) ?? [])
  }

  /** Removes what was begun. */
  discard(): void {
    this.#release()
    this.#remove()
  }

  #remove(): void {
    for (const {temporary} of this.#outputs) if (temporary?.isSpecial === false) rmSync(temporary.path, {force: true})
  }
}

function parseOutput(text: string, formats: readonly string[]): Output {
  const equals = text.indexOf('=')
  const format = equals < 0 ? text : text.slice(0, equals)
  const file = equals < 0 ? null : text.slice(equals + 1)
  if (!formats.includes(format)) {
    throw new OutputError('OUTPUT_UNKNOWN_FORMAT', `there is no output format ${JSON.stringify(format)}`, {
      hint: meantFormat(format, formats),
    })
  }
  if (file === '')
    throw new UsageError('USAGE', `--output ${text} names no file`, {hint: `Write --output ${format}=FILE.`})
  return {format, file}
}

/** Where nothing comes near, all there are. */
function meantFormat(word: string, formats: readonly string[]): string {
  const meant = closest(word, formats)
  return meant === null ? `Formats: ${formats.join(', ')}.` : `Did you mean ${meant}?`
}

function refuseSameFile(outputs: readonly Output[]): void {
  const files = outputs.flatMap(({file}) => (file === null ? [] : [resolve(file)]))
  const twice = files.find((file, index) => files.indexOf(file) !== index)
  if (twice !== undefined && !isSpecialFile(twice)) {
    throw new UsageError('USAGE', `two reports cannot both go to ${twice}`, {hint: 'Give each a file of its own.'})
  }
}

/** Pipes and devices take several reports, one after the other. */
function isSpecialFile(file: string): boolean {
  return statSync(file, {throwIfNoEntry: false})?.isFile() === false
}

/** A new file beside the one asked for; pipes and devices are written to directly. */
function openTemporary(file: string): Opened {
  const stat = statSync(file, {throwIfNoEntry: false})
  if (stat?.isDirectory() === true) throw unwritable(file, 'it is a folder')
  const isSpecial = stat !== undefined && !stat.isFile()
  const path = isSpecial ? file : join(dirname(file), `.${basename(file)}.${process.pid}.tmp`)
  try {
    return {path, fd: openSync(path, isSpecial ? 'w' : 'wx'), isSpecial}
  } catch (error) {
    throw unwritable(file, (error as NodeJS.ErrnoException).code ?? 'unknown error', error)
  }
}

function finish({path, fd, isSpecial}: Opened, file: string, pieces: Iterable<string>): void {
  try {
    for (const piece of pieces) {
      const bytes = Buffer.from(piece)
      for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at)
    }
    closeSync(fd)
    if (!isSpecial) renameSync(path, file)
  } catch (error) {
    throw unwritable(file, (error as NodeJS.ErrnoException).code ?? 'unknown error', error)
  }
}

function unwritable(file: string, reason: string, cause?: unknown): OutputError {
  return new OutputError('OUTPUT_UNWRITABLE', `cannot write ${file}: ${reason}`, {
    hint: 'Check the folder and its permissions.',
    cause,
  })
}
