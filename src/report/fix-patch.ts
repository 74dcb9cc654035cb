import type {Fix} from '../model/fix.js'

/** Lines around a change, as diff -u has them. */
const contextLines = 3
/** Lines that differ before the smallest patch is not looked for: that takes the square of them. */
const editLength = 2000

/** The edit as a unified diff that git and patch take, raw; '' where nothing changes. */
export async function fixPatch({file, before, after}: Pick<Fix, 'file' | 'before' | 'after'>): Promise<string> {
  if (before === after) return ''
  const {createTwoFilesPatch, FILE_HEADERS_ONLY} = await import('diff')
  const options = {context: contextLines, headerOptions: FILE_HEADERS_ONLY, maxEditLength: editLength}
  const [old, now] = [`a/${file}`, `b/${file}`]
  const patch = createTwoFilesPatch(old, now, before, after, undefined, undefined, options)
  return patch ?? `--- ${old}\n+++ ${now}\n${wholeHunk(before, after)}`
}

/** All from the first line that differs to the last, as one hunk. */
function wholeHunk(before: string, after: string): string {
  const [old, now] = [before, after].map(linesOf)
  if (old === undefined || now === undefined) return ''
  const most = Math.min(old.length, now.length)
  let head = 0
  while (head < most && old[head] === now[head]) head++
  let tail = 0
  while (tail < most - head && old.at(-1 - tail) === now.at(-1 - tail)) tail++
  const from = Math.max(0, head - contextLines)
  const rest = Math.max(0, tail - contextLines)
  const lines = [
    ...old.slice(from, head).map(line => ` ${line}`),
    ...old.slice(head, old.length - tail).map(line => `-${line}`),
    ...now.slice(head, now.length - tail).map(line => `+${line}`),
    ...old.slice(old.length - tail, old.length - rest).map(line => ` ${line}`),
  ]
  const range = ({length}: readonly string[]) => `${from + 1},${length - rest - from}`
  return `@@ -${range(old)} +${range(now)} @@\n${lines.join('\n')}\n`
}

/** Lines as a patch has them: of the last one it is said that it has no end. */
function linesOf(text: string): string[] {
  if (text.endsWith('\n')) return text.slice(0, -1).split('\n')
  const lines = text.split('\n')
  return lines.with(-1, `${lines.at(-1)}\n\\ No newline at end of file`)
}
