import {createHash} from 'node:crypto'
import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import {join} from 'node:path'

const digestBytes = 32

/** A link is not followed, and a pipe not waited for. Windows has neither flag. */
const readPlain = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)

/**
 * What {@link writeOwn} wrote: a file that this user alone can write, with its digest before it.
 * @returns undefined where there is none, or none that can be trusted
 */
export function readOwn(path: string, mostBytes: number): Buffer | undefined {
  let file: number | undefined
  try {
    file = openSync(path, readPlain)
    const stat = fstatSync(file)
    const mine = process.getuid === undefined || (stat.uid === process.getuid() && (stat.mode & 0o022) === 0)
    if (!mine || !stat.isFile() || stat.size <= digestBytes || stat.size > mostBytes) return undefined
    const bytes = readFileSync(file)
    const content = bytes.subarray(digestBytes)
    return digestOf(content).equals(bytes.subarray(0, digestBytes)) ? content : undefined
  } catch {
    return undefined // Nothing is kept, or nothing that can be read.
  } finally {
    if (file !== undefined) closeSync(file)
  }
}

/** Writes a file for this user alone. It appears whole or not at all, and in a folder that is made where there is none. */
export function writeOwn(folder: string, name: string, content: Buffer): void {
  mkdirSync(folder, {recursive: true, mode: 0o700})
  const temporary = join(folder, `${name}.${process.pid}`)
  try {
    writeFileSync(temporary, Buffer.concat([digestOf(content), content]), {mode: 0o600, flag: 'wx'})
    renameSync(temporary, join(folder, name))
  } catch (error) {
    rmSync(temporary, {force: true})
    throw error
  }
}

/** Takes files away by their names. That one is gone already, or there is no such folder, is fine. */
export function removeOwn(folder: string, which: (name: string) => boolean): void {
  if (!existsSync(folder)) return
  for (const name of readdirSync(folder)) if (which(name)) rmSync(join(folder, name), {force: true})
}

function digestOf(content: Buffer): Buffer {
  return createHash('sha256').update(content).digest()
}
