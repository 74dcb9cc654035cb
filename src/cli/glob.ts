import {type Dirent, readdirSync, statSync} from 'node:fs'
import {join} from 'node:path'
import {SourceError} from '../model/errors.js'
import {compileNameGlob} from '../policy/glob.js'

/** A path that a person typed, or one of those that a pattern stands for. */
export interface NamedPath {
  readonly path: string
  /** Typed as it is: then it has to be what was asked for. What a pattern finds may be anything. */
  readonly isNamed: boolean
}

/**
 * Expands `*`, `?`, `[a-z]` and `**` as a shell would; a path that exists is itself, whatever is in its name. Each path
 * comes once.
 * @throws {SourceError} for a pattern that nothing matches
 */
export function expandPaths(texts: readonly string[]): NamedPath[] {
  const paths = new Map<string, NamedPath>()
  for (const text of texts) {
    const isPattern = /[*?[]/.test(text) && statSync(text, {throwIfNoEntry: false}) === undefined
    const found = isPattern ? expand(text) : [text]
    if (found.length === 0) {
      throw new SourceError('SOURCE_NOT_FOUND', `nothing matches ${text}`, {
        hint: 'Check the pattern: * and ? match in one name, ** in any number of folders.',
      })
    }
    for (const path of found) if (!paths.has(path)) paths.set(path, {path, isNamed: !isPattern})
  }
  return [...paths.values()]
}

function expand(pattern: string): string[] {
  const parts = pattern.split('/').filter(part => part !== '')
  const roots = [pattern.startsWith('/') ? '/' : '']
  return parts.reduce(
    (folders: readonly string[], part) => folders.flatMap(folder => matchesIn(folder, part)),
    roots,
  ) as string[]
}

/** Paths in `folder` that one part of a pattern stands for. */
function matchesIn(folder: string, part: string): string[] {
  if (part === '**') return foldersBelow(folder)
  if (!/[*?[]/.test(part)) {
    const path = join(folder, part)
    return statSync(path, {throwIfNoEntry: false}) === undefined ? [] : [path]
  }
  const matches = nameMatcher(part)
  return namesIn(folder).flatMap(({name}) => (matches(name) ? join(folder, name) : []))
}

/** `folder` and all folders in it. Links are not followed, so there is an end. */
function foldersBelow(folder: string): string[] {
  const found = [folder]
  for (const at of found) {
    for (const entry of namesIn(at)) if (entry.isDirectory()) found.push(join(at, entry.name))
  }
  return found
}

function namesIn(folder: string): Dirent[] {
  try {
    return readdirSync(folder === '' ? '.' : folder, {withFileTypes: true}).sort((a, b) => (a.name < b.name ? -1 : 1))
  } catch {
    // What is no folder, or may not be read, matches nothing, as in a shell.
    return []
  }
}

/** A hidden name matches only a pattern that begins with a dot itself. */
function nameMatcher(part: string): (name: string) => boolean {
  const matches = compileNameGlob(part)
  return name => (!name.startsWith('.') || part.startsWith('.')) && matches(name)
}
