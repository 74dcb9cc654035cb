/**
 * Why a script does not start. `path`: the program that its first line names is not there. `command`: env is, and finds
 * no program of this name. `split`: env is BusyBox's, which knows no -S. `line-end`: the line ends in CR LF, and the CR
 * becomes part of the name.
 */
export interface ScriptProblem {
  readonly kind: 'path' | 'command' | 'split' | 'line-end'
  /** Path or command as the script names it. */
  readonly name: string
  /** For a `path`: where a program of this name is instead; null where it is nowhere. */
  readonly elsewhere: string | null
}

/** An executable file that begins with `#!`. */
export interface Script {
  readonly path: string
  readonly layer: number
  /** Package that owns the path; null where none does. */
  readonly package: string | null
  /** The first line, without `#!`. */
  readonly line: string
  /** null where it starts, or nothing can tell. */
  readonly problem: ScriptProblem | null
}
