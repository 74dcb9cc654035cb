/** Longest first line that Linux looks at; what is behind it is cut off. */
export const shebangBytes = 256

/** The first line of a script, as the kernel takes it apart. */
export interface Shebang {
  /** Without `#!`. */
  readonly line: string
  /** The program that the kernel starts. */
  readonly interpreter: string
  /** All the rest, which the program is given as one argument; '' where there is none. */
  readonly argument: string
}

/** What env is told to start. */
export interface EnvCommand {
  readonly command: string
  /** Does the line need env to split its argument (-S)? */
  readonly splits: boolean
}

/**
 * Reads `#!interpreter argument`.
 * @param head the file's first bytes, at most {@link shebangBytes}
 * @returns null where the kernel would not take it for a script
 * @see Linux, fs/binfmt_script.c
 */
export function parseShebang(head: Uint8Array): Shebang | null {
  const text = Buffer.from(head.buffer, head.byteOffset, Math.min(head.byteLength, shebangBytes)).toString('utf8')
  if (!text.startsWith('#!')) return null
  const end = text.search(/[\n\0]/)
  const line = text.slice(2, end < 0 ? undefined : end).replace(/^[ \t]+|[ \t]+$/g, '')
  const [, interpreter = '', argument = ''] = /^([^ \t]+)[ \t]*(.*)$/s.exec(line) ?? []
  const isCut = end < 0 && head.byteLength >= shebangBytes && argument === ''
  return interpreter === '' || isCut ? null : {line, interpreter, argument}
}

/**
 * What `env` would start.
 * @param argument as the kernel hands it over: one argument, blanks and all
 * @returns null where only env itself can tell
 */
export function parseEnv(argument: string): EnvCommand | null {
  const [, split] = /^(?:-[iv]*S|--split-string(?:=|[ \t]+))[ \t]*(.*)$/s.exec(argument) ?? []
  if (split === undefined) return isPlain(argument) ? {command: argument, splits: false} : null
  const words = split.split(/[ \t]+/)
  const first = words.find(word => !/^(?:-[iv0]|--|[A-Za-z_]\w*=[^\\"'$]*)$/.test(word))
  return first !== undefined && isPlain(first) ? {command: first, splits: true} : null
}

/** A name or path, and neither an option, an assignment, nor anything that env would expand. */
function isPlain(word: string): boolean {
  return /^[^-\s\\"'$=][^\s\\"'$=]*$/.test(word)
}
