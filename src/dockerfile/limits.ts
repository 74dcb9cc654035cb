/** What a Dockerfile and an image's history may cost. Docker itself stops at 127 layers. */
export const limits = {
  /** UTF-16 units of a Dockerfile: the largest in public repositories have under 200,000. */
  characters: 1024 * 1024,
  /** Instructions of one stage and the stages that it builds on that may make a layer. */
  steps: 2_000,
  /** `${A:-${B:-…}}`: people write two. */
  expansionDepth: 16,
  /** What one text may become when its variables are replaced: `ENV A=$A$A` doubles. */
  expandedCharacters: 64 * 1024,
  /** Of two commands that differ, how much of each is compared. */
  comparedCharacters: 8 * 1024,
  /** Characters that all comparisons of one image may look at, about half a second; 60 layers of 500 need a fifth. */
  comparisonBudget: 16 * 1024 * 1024,
} as const
