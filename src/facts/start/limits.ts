/** Bounds on what the scripts of an image may cost, with their reasons. */
export const limits = {
  /** A script that starts something: the longest entry points of public images have 30 kB. */
  scriptBytes: 128 * 1024,
  /** Characters of all scripts that are kept, all layers together: public images have under 4 million. */
  allScriptsBytes: 48 * 1024 * 1024,
  /** Commands of one script: the same ones have 300. */
  statements: 20_000,
  /** Substitutions in substitutions, and expansions in expansions: people write three. */
  nesting: 40,
  /** Commands that are looked at for one image, functions and loops counted as often as they are called. */
  steps: 50_000,
  /** Scripts that start scripts, and functions that call functions. */
  depth: 24,
  /** Values that one variable, or one command, can have: with each `if` there is one more. */
  alternatives: 24,
  /** Words of one command, after its variables are replaced. */
  words: 1_000,
  /** Characters of one word, after its variables are replaced: a variable may double itself. */
  wordCharacters: 4_096,
  /** Files that a pattern such as `/docker-entrypoint.d/*.sh` stands for. */
  matches: 200,
  /** Folders that one pattern looks into. */
  folders: 1_000,
  /** Programs that the scripts of one image start. */
  programs: 500,
  /** Plugins that one program may open: the largest Python trees have 3,000 extension modules. */
  plugins: 10_000,
  /** Reasons that are kept for what could not be followed: one is enough for people. */
  reasons: 3,
} as const
