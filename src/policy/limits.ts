/** Bounds on what decisions may cost: files that a team writes, and that somebody may send it. */
export const policyLimits = {
  /** A configuration: 100,000 ignores with long reasons are 20 MB. */
  configBytes: 32 * 1024 * 1024,
  /** Values that aliases of a YAML file stand for, all together: a bomb multiplies a few bytes into billions. */
  aliasValues: 10_000,
  /** Nesting of a configuration: real ones need 5. */
  configDepth: 32,
  /** Problems of a configuration that are listed: a file that is something else has one in every line. */
  configProblems: 1_000,
  /** Entries of an ignore list that say where by a pattern: each is held against every path that its rule found. */
  ignorePatterns: 2_000,
  /** Rules, packages, paths or names of one ignore. */
  ignoreSelectors: 1_000,
  /** One VEX document: that of a whole distribution has 40 MB. */
  vexBytes: 64 * 1024 * 1024,
  /** Values in it, and members of them: that of a whole distribution has one in 20 to 30 bytes, and so two million. */
  vexValues: 2_500_000,
  /** Statements of all VEX documents together. */
  vexStatements: 500_000,
  /** A report to compare with: one of 30,000 ELF files has 150 MB. */
  reportBytes: 512 * 1024 * 1024,
  /** Nesting of a JSON document: reports and VEX need 10. */
  jsonDepth: 64,
} as const
