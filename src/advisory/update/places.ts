import {join} from 'node:path'

/** Where a refreshed database and what it is made from lie, below the cache folder of piton. */
export interface CachePlaces {
  /** The database that scans read, in the same form as `data/`: a link to one of the generations. */
  readonly database: string
  /** Everything else. */
  readonly home: string
  /** Finished databases, each in a folder of its own. */
  readonly generations: string
  /** Copies of the feeds, in the layout of a mirror. */
  readonly feeds: string
  /** Documents that are being fetched. */
  readonly incoming: string
  /** What is known of the copies. */
  readonly state: string
  /** Held by who changes any of it. */
  readonly lock: string
}

/** @param cache `$XDG_CACHE_HOME/piton` */
export function cachePlaces(cache: string): CachePlaces {
  const home = join(cache, 'database')
  return {
    database: join(cache, 'db'),
    home,
    generations: join(home, 'generations'),
    feeds: join(home, 'feeds'),
    incoming: join(home, 'incoming'),
    state: join(home, 'state.json'),
    lock: join(home, 'lock'),
  }
}
