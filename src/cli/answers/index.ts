import {closeSync, openSync, renameSync, rmSync, writeSync} from 'node:fs'
import {basename, dirname, join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {whenInterrupted} from '../interrupt.js'
import {type Answer, answersFolder, readAnswer, writeAnswer} from './kept.js'
import {keyOf} from './key.js'
import {lookAt} from './look.js'
import {Watch} from './watch.js'

/** What decides how times are read: no function of Node says that it was asked for. */
const unseen = ['/etc/localtime']

/**
 * The answer of a command line that was run before, as long as all that it depends on is as it was: then the program need
 * not even be loaded. What that is, nobody lists; it is watched ({@link Watch}).
 */
export class KeptAnswer {
  readonly #key: string
  readonly #argv: readonly string[]
  readonly #folder = answersFolder()

  private constructor(key: string, argv: readonly string[]) {
    this.#key = key
    this.#argv = argv
  }

  /** @returns null where no answer is to be kept */
  static of(argv: readonly string[]): KeptAnswer | null {
    try {
      const key = keyOf(argv)
      return key === null ? null : new KeptAnswer(key, argv)
    } catch {
      // A folder that is gone, a descriptor that is closed: who needs it says what is wrong.
      return null
    }
  }

  /**
   * Prints the answer, writes its reports, and sets its exit code.
   * @param instead what to do if it cannot be printed: what it does then is what the program does
   * @returns false where there is none, and nothing was done
   */
  give(instead: () => void): boolean {
    let answer: Answer | null
    try {
      answer = readAnswer(this.#folder, this.#key)
      if (answer === null || !answer.notes.every(([look, path, said]) => lookAt(look, path) === said)) return false
      if (!writeReports(answer.outputs)) return false
    } catch {
      return false
    }
    let isFailed = false
    const onError = ({code}: NodeJS.ErrnoException) => {
      // Who reads has seen enough.
      if (code === 'EPIPE' || isFailed) return
      isFailed = true
      process.exitCode = undefined
      instead()
    }
    for (const stream of [process.stdout, process.stderr]) stream.on('error', onError)
    if (answer.code !== 0) process.exitCode = answer.code
    for (const [fd, text] of answer.said) (fd === 1 ? process.stdout : process.stderr).write(text)
    return true
  }

  /**
   * Watches the run that begins when the watch is started, and keeps its answer when it ends, if it may be given again.
   * @param program the files that are run
   */
  watch(program: readonly string[]): Watch {
    const watch = new Watch(dirname(this.#folder))
    for (const path of [...program, ...unseen]) watch.alsoOn(path)
    process.once('exit', code => {
      try {
        const watched = watch.end()
        if (watched === null || (code !== 0 && code !== 1) || keyOf(this.#argv) !== this.#key) return
        writeAnswer(this.#folder, {key: this.#key, code, ...watched})
      } catch {
        // A folder that cannot be written, a full disk: the next run works it out again.
      }
    })
    return watch
  }
}

/** The files that make the program, as far as they are loaded in any case. */
export function programFiles(): string[] {
  return ['./load.js', './program.cjs', './unpack.cjs'].map(name => fileURLToPath(new URL(name, import.meta.url)))
}

/** As `outputs.ts` does: every file appears whole or not at all, and before one has its name all are written. */
function writeReports(outputs: Answer['outputs']): boolean {
  if (outputs.length === 0) return true
  const begun: string[] = []
  const remove = () => {
    for (const path of begun) rmSync(path, {force: true})
  }
  const release = whenInterrupted(remove)
  try {
    const reports = outputs.map(([path, text]) => {
      const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`)
      const fd = openSync(temporary, 'wx')
      begun.push(temporary)
      try {
        const bytes = Buffer.from(text)
        for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at)
      } finally {
        closeSync(fd)
      }
      return {temporary, path}
    })
    for (const {temporary, path} of reports) renameSync(temporary, path)
    return true
  } catch {
    // The program says what is wrong.
    remove()
    return false
  } finally {
    release()
  }
}
