import {existsSync} from 'node:fs'
import {fileURLToPath} from 'node:url'

/** A path in `shared/` beside the repository, or null where it is not there: the suite also runs without it. */
export function shared(path: string): string | null {
  const found = fileURLToPath(new URL(`../../../shared/${path}`, import.meta.url))
  return existsSync(found) ? found : null
}
