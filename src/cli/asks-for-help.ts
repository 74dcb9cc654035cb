/** Does a line ask what a command does, instead of asking for it to be done? */
export function asksForHelp(argv: readonly string[]): boolean {
  const end = argv.indexOf('--')
  const words = end < 0 ? argv : argv.slice(0, end)
  return words.includes('--help') || words.find(word => word.startsWith('-')) === '-h'
}
