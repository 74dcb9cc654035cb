/** What talking to GitHub may cost in time, tries and memory. */
export const githubLimits = {
  /** One request to its end: 14 MB, the largest that GitHub takes, at 1.5 Mbit/s. */
  requestMs: 90_000,
  /** Further tries of a request that was cut, or answered with 5xx; a pause of 1, 4 and 9 units before each. */
  retries: 3,
  /** Further tries of a request that got no answer in time: each costs as much as the first. */
  retriesOfSilence: 1,
  /** Further tries of a request that was one too many. */
  retriesOfRateLimit: 2,
  /** The unit of all those pauses, also of what GitHub asks for in seconds. */
  waitUnitMs: 1_000,
  /** The longest pause that GitHub may ask for: over it the upload fails at once, and says so. */
  longestWaitSeconds: 120,
  /** Between two questions whether a file was processed, as GitHub's own action asks. */
  pollMs: 5_000,
  /** Questions, and time for all of them, before a file is left to be processed later. */
  polls: 24,
  processingMs: 120_000,
  /** Redirects of one request: that of a repository which was renamed. */
  redirects: 3,
  /** An answer: those of this part of the API have less than 100 kB. */
  answerBytes: 1024 * 1024,
  /** File with the event that a workflow runs for: GitHub stops at 25 MB. */
  eventBytes: 32 * 1024 * 1024,
  /** Of GitHub's own words that are shown. */
  saidCharacters: 300,
} as const

/** {@link githubLimits}, or others in a test. */
export type GitHubLimits = {readonly [Name in keyof typeof githubLimits]: number}
