import {type Excerpt, PitonError} from '../model/errors.js'
import {shorten, visible} from '../model/text.js'

/** PRODUCT.md "Exit codes". */
export const exitCodes = {done: 0, findings: 1, failed: 2} as const

/**
 * One line that says what is wrong and what to do about it, on standard error; below it, where a part of a line is wrong,
 * that line with a mark under it; the stack only for `--debug`.
 */
export function printError(error: unknown, debug: boolean): void {
  process.stderr.write(`piton: ${describe(error)}\n`)
  if (error instanceof PitonError && error.excerpt !== undefined) process.stderr.write(marked(error.excerpt))
  if (debug && error instanceof Error) process.stderr.write(`${visibleLines(stackOf(error))}\n`)
}

/** What is quoted from a file or a line may be of any length. */
const longestMessage = 2000

/** What is wrong and what to do about it, in one line. */
export function describe(error: unknown): string {
  if (error instanceof PitonError) {
    const hint = error.hint === undefined ? '' : ` ${error.hint}`
    return visible(`${shorten(error.message, longestMessage)}.${shorten(hint, longestMessage)}`)
  }
  if (isUsage(error)) return `${visible(shorten(usageText(error.message), longestMessage))} (see piton --help)`
  const message = error instanceof Error ? error.message : String(error)
  return `unexpected error: ${visible(message)}. Run again with --debug and report it.`
}

/** Letters that are shown before and after what is wrong. */
const excerptMargin = 60

/** The line, cut around what is wrong, and carets under that. */
export function marked({line, column, length}: Excerpt): string {
  const start = Math.max(0, column - excerptMargin)
  const end = Math.min(line.length, column + Math.min(length, excerptMargin) + excerptMargin)
  const before = (start > 0 ? '…' : '') + visible(line.slice(start, column))
  const wrong = visible(line.slice(column, Math.min(column + length, end)))
  const after = visible(line.slice(Math.min(column + length, end), end)) + (end < line.length ? '…' : '')
  return `  ${before}${wrong}${after}\n  ${' '.repeat(before.length)}${'^'.repeat(Math.max(1, wrong.length))}\n`
}

/** oclif's parser: it knows the flag and says it in its first line. */
function isUsage(error: unknown): error is Error {
  return error instanceof Error && 'oclif' in error
}

/** What oclif says, in one line, without what it adds about its own ways. */
export function usageText(message: string): string {
  const lines = message
    .replace(/\nNote: --[\s\S]*$/, '')
    .split('\n')
    .map(line => line.replace(/\s+/g, ' ').trim())
    .filter(line => line !== '' && !line.startsWith('See more help'))
  const [first = '', ...rest] = lines
  if (/^The following errors? occurred:$/.test(first)) return rest.map(missingFlag).join(', ')
  return lines.join(' ')
}

function missingFlag(line: string): string {
  return line.replace(/^Missing required flag (\S+)$/, '--$1 is missing')
}

function stackOf(error: Error): string {
  const cause = error.cause instanceof Error ? `\ncaused by: ${stackOf(error.cause)}` : ''
  return `${error.stack ?? error.message}${cause}`
}

function visibleLines(text: string): string {
  return text.split('\n').map(visible).join('\n')
}
