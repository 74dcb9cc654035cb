import {limits} from '../model/limits.js'
import {placeOf} from './repositories.js'

/** A repository of Alpine that a command names. */
export interface NamedRepository {
  readonly branch: string
  /** `main`, `community`, `testing`; null where the address does not go on. */
  readonly name: string | null
}

/** Characters of a command that are looked at: a layer's whole script has rarely more. */
const mostCharacters = 64 * 1024

/**
 * Repositories that a build step which runs apk names, in `--repository URL`, `-X URL` or a line that it writes to
 * etc/apk/repositories. Variables are not expanded: what stands in one is not known.
 */
export function repositoriesOfCommand(command: string): readonly NamedRepository[] {
  const text = command.slice(0, mostCharacters)
  if (!/\bapk\b/.test(text)) return []
  const named = new Map<string, NamedRepository>()
  for (const [url] of text.matchAll(/https?:\/\/[^\s"'`;|&<>()\\]{1,2000}/g)) {
    const {branch, name} = placeOf(url)
    if (branch !== null && url.length <= limits.pathBytes) named.set(`${branch}/${name}`, {branch, name})
  }
  return [...named.values()]
}
