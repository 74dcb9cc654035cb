/** Elements of a search path: separated by `:` or a newline, empty ones passed over. */
export function splitPath(path: string): readonly string[] {
  return path.split(/[:\n]/).filter(element => element !== '')
}

/** A run path as the loader searches it. */
export interface RunPath {
  readonly folders: readonly string[]
  /** It has a token other than `$ORIGIN`: all of it counts for nothing. */
  readonly ignored: boolean
}

const none: RunPath = {folders: [], ignored: false}

/** What may follow a `$`. */
const tokens = ['ORIGIN', '{ORIGIN}']

/**
 * Puts the folder of an object in the place of `$ORIGIN`.
 * @param openedAs the path by which the object was opened; null where the loader will not tell, in a setuid program
 */
export function expandRunPath(runPath: string | null, openedAs: string | null): RunPath {
  if (runPath === null) return none
  const [start = '', ...behindDollars] = runPath.split('$')
  if (behindDollars.length === 0) return {folders: splitPath(start), ignored: false}
  const rests: string[] = []
  for (const text of behindDollars) {
    // As musl compares: `$ORIGINAL` begins with the token, and `AL` is left over.
    const token = tokens.find(token => text.startsWith(token))
    if (token === undefined) return {folders: [], ignored: true}
    rests.push(text.slice(token.length))
  }
  if (openedAs === null) return none
  const slash = openedAs.lastIndexOf('/')
  const origin = slash === -1 ? '.' : openedAs.slice(0, slash)
  return {folders: splitPath([start, ...rests].join(origin)), ignored: false}
}
