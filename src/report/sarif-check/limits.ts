const MiB = 1024 * 1024

/**
 * What GitHub takes of a SARIF file, and what looking at one may cost.
 * @see https://docs.github.com/en/code-security/reference/code-scanning/sarif-files/sarif-support
 */
export const limits = {
  /** Bytes of a file that is looked at: 25,000 results with their rules, many times what GitHub takes compressed. */
  fileBytes: 128 * MiB,
  /** Values of its JSON, each of some 50 bytes in memory: 25,000 results of piton have 2,000,000. */
  values: 8_000_000,
  /** Problems of one kind that are listed; the rest are counted. */
  problemsPerKind: 10,
  /** Of a value that a problem quotes. */
  quotedCharacters: 60,
  /** GitHub refuses a larger file, compressed with gzip. */
  compressedBytes: 10 * MiB,
  runs: 20,
  /** Of one run. */
  results: 25_000,
  /** Of one run that are shown. */
  resultsShown: 5_000,
  /** Of one run. */
  rules: 25_000,
  extensions: 100,
  /** Of one result. */
  locations: 1_000,
  locationsShown: 100,
  /** Of all thread flows of one result. */
  threadFlowLocations: 10_000,
  threadFlowLocationsShown: 1_000,
  /** Of one rule. */
  tags: 20,
  tagsShown: 10,
  /** Of `shortDescription` and `fullDescription`. */
  descriptionCharacters: 1_024,
  nameCharacters: 255,
  /** Of a URI: PATH_MAX of Linux, each byte encoded. */
  uriCharacters: 3 * 4_096,
} as const
