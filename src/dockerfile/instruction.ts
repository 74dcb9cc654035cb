/** What a line of a Dockerfile can begin with. */
export const keywords = [
  'ADD',
  'ARG',
  'CMD',
  'COPY',
  'ENTRYPOINT',
  'ENV',
  'EXPOSE',
  'FROM',
  'HEALTHCHECK',
  'LABEL',
  'MAINTAINER',
  'ONBUILD',
  'RUN',
  'SHELL',
  'STOPSIGNAL',
  'USER',
  'VOLUME',
  'WORKDIR',
] as const

export type Keyword = (typeof keywords)[number]

/** The character that continues a line and takes the meaning from the next character. */
export type Escape = '\\' | '`'

/** `<<EOF` and the lines up to `EOF`. */
export interface Heredoc {
  readonly name: string
  /** The lines in between, each with its line feed; without leading tabs where it was opened with `<<-`. */
  readonly body: string
}

export interface Instruction {
  readonly keyword: Keyword
  /** `--from=build`, in order, as written. */
  readonly flags: readonly string[]
  /** What follows keyword and flags: continued lines joined, comments and heredocs left out. */
  readonly text: string
  /** The words of the JSON form `["a", "b"]`; null in every other form. */
  readonly exec: readonly string[] | null
  readonly heredocs: readonly Heredoc[]
  /** What `ONBUILD` defers. */
  readonly trigger: Instruction | null
  /** 1-based, with comments inside and heredocs. */
  readonly startLine: number
  readonly endLine: number
}

export interface Dockerfile {
  /** As it is named to people, and in reports. */
  readonly file: string
  readonly lines: readonly string[]
  readonly escape: Escape
  /** `# syntax=`, the frontend that builds it. */
  readonly syntax: string | null
  readonly instructions: readonly Instruction[]
}

/** The value of `--name=value`, or null. */
export function flagOf({flags}: Instruction, name: string): string | null {
  const start = `--${name}=`
  return flags.find(flag => flag.startsWith(start))?.slice(start.length) ?? null
}

/** The lines of an instruction, as they stand in the file. */
export function sourceOf({lines}: Dockerfile, {startLine, endLine}: Instruction): string {
  return lines.slice(startLine - 1, endLine).join('\n')
}

/** A line that builders skip wherever it stands, but in a heredoc. */
export function isComment(line: string): boolean {
  return line.trimStart().startsWith('#')
}
