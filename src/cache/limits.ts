const MiB = 1024 * 1024

/** Bounds on what the cache may take of somebody's disk and memory. */
export interface CacheLimits {
  /** All entries together: some forty layers of large images, or thousands of small ones. */
  readonly totalBytes: number
  /** One entry: a layer of 3,000 programs and libraries takes 60 MB. It is read into memory in one piece. */
  readonly entryBytes: number
  /** Entries: every one is looked at to find the oldest. */
  readonly entries: number
  /** An entry that nobody asked for in so long is thrown away. */
  readonly unusedMs: number
  /** A temporary file that is older than this was left by a run that died. */
  readonly abandonedMs: number
}

const day = 86_400_000

export const cacheLimits: CacheLimits = {
  totalBytes: 1024 * MiB,
  entryBytes: 192 * MiB,
  entries: 4_000,
  unusedMs: 30 * day,
  abandonedMs: day / 24,
}

/** When an entry is used, its time is set to now; not more often than this. */
export const touchMs = day / 24
