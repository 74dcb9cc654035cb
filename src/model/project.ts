/** Where piton lives, in one place: reports link to it. */
export const projectURL = 'https://github.com/piton-scan/piton'

/** Where the words of one rule can be read; `src/rules/README.md` has a heading for each. */
export function ruleURL(id: string): string {
  return `${projectURL}/blob/main/src/rules/README.md#${id.toLowerCase()}`
}
