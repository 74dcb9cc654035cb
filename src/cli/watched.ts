/** Who watches what a run reads, in order to give its answer again (`answers/watch.ts`). */
export interface Watcher {
  /** Lets the answer of this run be given again, if nothing that it read changes. Without this it never is. */
  allow(): void
  /** It must not, whatever was said before. */
  refuse(): void
  /** Does what has no part in the answer, in a folder that is piton's own. */
  apart<T>(work: () => T): T
}

let watcher: Watcher | null = null

/** From now on this run is watched. */
export function watchedBy(who: Watcher | null): void {
  watcher = who
}

/** {@link Watcher.allow} */
export function allowAgain(): void {
  watcher?.allow()
}

/** {@link Watcher.refuse} */
export function refuseAgain(): void {
  watcher?.refuse()
}

/** {@link Watcher.apart} */
export function apart<T>(work: () => T): T {
  return watcher === null ? work() : watcher.apart(work)
}
