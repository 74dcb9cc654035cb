import {chmodSync, lstatSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync} from 'node:fs'
import {basename, dirname, isAbsolute, join, relative, sep} from 'node:path'
import {DockerfileError} from '../dockerfile/error.js'
import {whenInterrupted} from './interrupt.js'
import {repositoryFolder} from './repository.js'

/**
 * Puts new text in place of a file at once, with its mode. A link stays one, and what it leads to is changed, where that
 * is in the same repository.
 * @param before what it has to hold still: somebody may edit it while an image is read
 * @throws {DockerfileError} DOCKERFILE_UNWRITABLE
 */
export function writeDockerfile(file: string, before: string, after: string): void {
  const path = realOf(file)
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`)
  const release = whenInterrupted(() => rmSync(temporary, {force: true}))
  try {
    writeFileSync(temporary, after, {flag: 'wx'})
    chmodSync(temporary, statSync(path).mode & 0o7777)
    if (!readFileSync(path).equals(Buffer.from(before))) {
      throw unwritable(file, 'it changed while the image was read', 'Run piton fix again.')
    }
    renameSync(temporary, path)
  } catch (error) {
    rmSync(temporary, {force: true})
    if (error instanceof DockerfileError) throw error
    throw unwritable(file, (error as NodeJS.ErrnoException).code ?? 'unknown error', undefined, error)
  } finally {
    release()
  }
}

/** The file itself, where a link may be followed. */
function realOf(file: string): string {
  const path = realpathSync(file)
  if (!lstatSync(file).isSymbolicLink()) return path
  const inside = relative(realpathSync(repositoryFolder(dirname(file))), path)
  if (inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside)) {
    throw unwritable(file, `it is a link out of the repository, to ${path}`, `Name ${path} itself.`)
  }
  return path
}

/**
 * Refuses text that writing would change elsewhere too.
 * @throws {DockerfileError} DOCKERFILE_UNREADABLE
 */
export function refuseOtherEncodings(file: string, text: string): void {
  if (readFileSync(file).equals(Buffer.from(text))) return
  throw new DockerfileError('DOCKERFILE_UNREADABLE', `${file} is not UTF-8, or changed while the image was read`, {
    hint: 'Save it as UTF-8: an edit of anything else would change more than it should.',
  })
}

function unwritable(
  file: string,
  why: string,
  hint = 'Check the folder and its permissions.',
  cause?: unknown,
): DockerfileError {
  return new DockerfileError('DOCKERFILE_UNWRITABLE', `cannot write ${file}: ${why}`, {hint, cause})
}
