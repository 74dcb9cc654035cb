import {existsSync, realpathSync} from 'node:fs'
import {basename, dirname, isAbsolute, join, relative, resolve, sep} from 'node:path'

/**
 * A file as the repository knows it: relative to the folder that holds `.git`, else to the checkout of the CI job, else
 * to the working folder; with slashes. A file that is in none of them has only its name.
 */
export function repositoryPath(file: string, env: NodeJS.ProcessEnv = process.env): string {
  const path = real(resolve(file))
  const roots = [rootAbove(dirname(path)), env['GITHUB_WORKSPACE'], env['CI_PROJECT_DIR'], process.cwd()]
  for (const root of roots) {
    if (root === undefined || root === null || root === '') continue
    const inside = relative(real(resolve(root)), path)
    if (inside !== '' && inside !== '..' && !inside.startsWith(`..${sep}`) && !isAbsolute(inside)) {
      return inside.split(sep).join('/')
    }
  }
  return basename(path)
}

/** The nearest folder above that holds `.git`: a folder, or a file in worktrees and submodules. */
function rootAbove(folder: string): string | null {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return at
    if (dirname(at) === at) return null
  }
}

/** Links on the way are followed, so that both sides of a comparison are spelt alike; what does not exist stays. */
function real(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    const parent = dirname(path)
    return parent === path ? path : join(real(parent), basename(path))
  }
}

/** The folder of the repository that a folder is in; where it is in none, the working folder. */
export function repositoryFolder(folder: string): string {
  return rootAbove(real(resolve(folder))) ?? process.cwd()
}
