import {setTimeout as wait} from 'node:timers/promises'
import {identityOf} from '../../src/cache/identity.js'

/** Waits until what was just written counts as unchanged: a file of this very moment may change once more in it. */
export async function settled(...paths: readonly string[]): Promise<void> {
  for (const path of paths) while (identityOf(path) === null) await wait(20)
}
