import type {Words} from './shell/values.js'

const shells: ReadonlySet<string> = new Set(['sh', 'ash', 'bash', 'dash', 'hush', 'ksh', 'mksh', 'yash', 'zsh'])

export function isShell(name: string): boolean {
  return shells.has(name)
}

/** What a shell is told to run. */
export type ShellTask =
  | {readonly kind: 'text'; readonly text: string | null; readonly zero: string; readonly positional: Words}
  | {readonly kind: 'file'; readonly file: string | null; readonly positional: Words}
  /** What it is typed. */
  | {readonly kind: 'nothing'}

/** @see POSIX, sh: `sh -e -c 'text' name a b`, `sh file a b` */
export function shellTask([self, ...words]: Words): ShellTask {
  let at = 0
  let isText = false
  for (; at < words.length; at++) {
    const word = words[at]
    if (word === '--') {
      at++
      break
    }
    if (word === null || word === undefined || !/^[-+]./.test(word)) break
    isText ||= /^-[A-Za-z]*c[A-Za-z]*$/.test(word)
    // `-o pipefail`, `--rcfile file`.
    if (/^[-+][A-Za-z]*[oO]$/.test(word) || word === '--rcfile' || word === '--init-file') at++
  }
  const [first, ...rest] = words.slice(at)
  if (first === undefined) return {kind: 'nothing'}
  if (isText) return {kind: 'text', text: first, zero: rest[0] ?? self ?? 'sh', positional: rest.slice(1)}
  return {kind: 'file', file: first, positional: rest}
}
