/** Commands as they are typed, from the names that oclif gives them. */
export function typed(id: string): string {
  return id.replaceAll(':', ' ')
}

/** What calls a command: `db update`. */
export async function nameOf(command: unknown): Promise<string> {
  const {COMMANDS} = await import('../commands/index.js')
  const found = Object.entries(COMMANDS).find(([, one]) => one === command)
  return typed(found?.[0] ?? '')
}
