/** A piece of a word, as a shell reads it. */
export type Part =
  | {readonly kind: 'text'; readonly text: string; readonly quoted: boolean}
  | VariablePart
  /** `$(command)`. */
  | {readonly kind: 'commands'; readonly statements: readonly Statement[]; readonly quoted: boolean}
  /** `name=(a b)`. */
  | {readonly kind: 'list'; readonly words: readonly Word[]}
  /** What only a running shell can tell: `$((1+1))`, `${name%.*}`. */
  | {readonly kind: 'unknown'}

export interface VariablePart {
  readonly kind: 'variable'
  /** `PATH`, `1`, `@`. */
  readonly name: string
  readonly quoted: boolean
  /** All elements: `$@`, `${name[@]}`. */
  readonly all: boolean
  /** `${name:-word}`; null where there is none. */
  readonly otherwise: Word | null
}

export type Word = readonly Part[]

/** `name=value` before a command, or by itself. */
export interface Assignment {
  readonly name: string
  readonly value: Word
}

export interface Command {
  readonly kind: 'command'
  readonly assignments: readonly Assignment[]
  readonly words: readonly Word[]
  /** 1-based. */
  readonly line: number
  /** Does it run whenever the script comes here? Not in a branch, a loop, a pipe, behind `&&`. */
  readonly sure: boolean
  /** The first command of the pipe that feeds it; null where none does. */
  readonly input: Command | null
}

/** What a script does, in order; of branches and loops all commands. */
export type Statement =
  | Command
  /** null: over the positional parameters. */
  | {readonly kind: 'for'; readonly name: string; readonly words: readonly Word[] | null}
  | {readonly kind: 'function'; readonly name: string; readonly body: readonly Statement[]}

export interface ShellScript {
  readonly statements: readonly Statement[]
  /** Was it longer, or deeper, than any real one? Then the rest is not there. */
  readonly cut: boolean
}
