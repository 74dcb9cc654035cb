import {columnsOf} from './columns.js'

/** Words of a shell, those in quotes whole. */
const word = /(?:"[^"]*"|'[^']*'|[^\s"'])+/g

/**
 * A command of a shell in lines of at most `columns`, so that it can still be pasted: what does not fit goes on in the
 * next line, behind a backslash. A line of a Dockerfile has no such lines: it stays whole.
 */
export function commandLines(command: string, columns: number): string[] {
  if (columnsOf(command) <= columns || command.startsWith('FROM ')) return [command]
  const words = command.match(word) ?? []
  const lines: string[] = []
  for (const next of words) {
    const line = lines.at(-1)
    const joined = `${line} ${next}`
    // Room for the backslash.
    if (line !== undefined && columnsOf(joined) <= columns - 2) lines[lines.length - 1] = joined
    else lines.push(lines.length === 0 ? next : `  ${next}`)
  }
  return lines.map((line, index) => (index < lines.length - 1 ? `${line} \\` : line))
}
