import type {CreatedBy} from './created-by.js'
import {limits} from './limits.js'
import type {Step} from './steps.js'

/** Similarities are whole thousandths, so that sums of them compare exactly. */
export const same = 1000

/** Only a part of the text is known, and it agrees. Text that was edited is always less. */
const partly = 900

/** Below this, two commands have nothing to do with each other. */
export const floor = 600

/**
 * How alike an instruction and a line of history are: 1000 for the same text, 900 where history keeps no more than the
 * destination of a COPY and that agrees, less for text that was edited, 0 for another kind or other text.
 * @param edited false compares no text that differs
 */
export function similarity({made}: Step, entry: CreatedBy, edited: boolean): number {
  return Math.max(...made.map(expected => likeness(expected, entry, edited)))
}

function likeness(expected: CreatedBy, entry: CreatedBy, edited: boolean): number {
  if (expected.kind !== entry.kind) return 0
  if (expected.text === entry.text) return entry.partial ? partly : same
  if (entry.partial && entry.destination !== null) return sameFolder(expected, entry) ? partly : 0
  if (!edited) return 0
  if (withoutPins(expected.text) === withoutPins(entry.text)) return partly - 1
  const thousandths = Math.floor(1000 * ratio(expected.text, entry.text))
  return thousandths < floor ? 0 : Math.min(thousandths, partly - 1)
}

/** `apk add a=1.2-r0 b~3` without the versions: they are what changes of a command that stays the same. */
function withoutPins(text: string): string {
  return text.replace(/[<>=~]{1,2}\d[\w.+~-]*/g, '')
}

/** A relative path is one from a WORKDIR that only the base image knows. */
function sameFolder(expected: CreatedBy, entry: CreatedBy): boolean {
  const [written, recorded] = [expected, entry].map(({destination}) => destination?.replace(/(?<=.)\/$/, '') ?? '')
  if (written === undefined || recorded === undefined) return false
  return written === recorded || (!written.startsWith('/') && recorded.endsWith(`/${written.replace(/^\.\//, '')}`))
}

/**
 * Twice the common characters over all characters, 0 to 1, in linear time: what both begin and end with, and the words
 * that the middles share, wherever they stand there.
 */
export function ratio(first: string, second: string): number {
  const [a, b] = [first, second].map(text => text.slice(0, limits.comparedCharacters))
  if (a === undefined || b === undefined || a.length + b.length === 0) return 0
  if ((2000 * Math.min(a.length, b.length)) / (a.length + b.length) < floor) return 0
  const start = commonStart(a, b)
  const end = commonEnd(a, b, Math.min(a.length, b.length) - start)
  const shared = sharedWords(a.slice(start, a.length - end), b.slice(start, b.length - end))
  return (2 * (start + end + shared)) / (a.length + b.length)
}

function commonStart(a: string, b: string): number {
  let length = 0
  while (length < a.length && length < b.length && a[length] === b[length]) length++
  return length
}

function commonEnd(a: string, b: string, most: number): number {
  let length = 0
  while (length < most && a.at(-1 - length) === b.at(-1 - length)) length++
  return length
}

/** Characters in words that are in both, each counted as often as in the one that has fewer; the blanks between too. */
function sharedWords(a: string, b: string): number {
  const counts = new Map<string, number>()
  for (const word of a.split(' ')) counts.set(word, (counts.get(word) ?? 0) + 1)
  let shared = 0
  let words = 0
  for (const word of b.split(' ')) {
    const left = counts.get(word) ?? 0
    if (word === '' || left === 0) continue
    counts.set(word, left - 1)
    shared += word.length
    words++
  }
  return shared + Math.max(0, words - 1)
}
