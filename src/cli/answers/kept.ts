import {existsSync, readdirSync, statSync} from 'node:fs'
import {homedir} from 'node:os'
import {join} from 'node:path'
import {readOwn, removeOwn, writeOwn} from '../own-file.js'
import type {Note} from './look.js'

/** What a run said and wrote, and what has to be as it was for the next run to say the same. */
export interface Answer {
  /** {@link keyOf} */
  readonly key: string
  readonly code: number
  readonly notes: readonly Note[]
  /** Texts for standard output (1) and standard error (2), in order. */
  readonly said: readonly (readonly [fd: 1 | 2, text: string])[]
  readonly outputs: readonly (readonly [path: string, text: string])[]
}

/** An answer is read whole, and checked, before a byte of it is printed. */
const mostBytes = 16 * 1024 * 1024
/** Of all answers together, and how many. */
const mostTotalBytes = 64 * 1024 * 1024
const mostAnswers = 256
/** The day is part of what is asked: what is older will not be asked for again. */
const mostAgeMs = 86_400_000

/** Nothing else in the folder is ours. */
const answerName = /^[0-9a-f]{64}\.answer(?:\.\d+)?$/

export function answersFolder(env: NodeJS.ProcessEnv = process.env): string {
  return join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'piton', 'answers')
}

/** How many answers there are, and how large they are together. */
export function answersStatus(folder: string): {readonly entries: number; readonly sizeBytes: number} {
  if (!existsSync(folder)) return {entries: 0, sizeBytes: 0}
  const sizes = readdirSync(folder)
    .filter(name => answerName.test(name))
    .map(name => statSync(join(folder, name), {throwIfNoEntry: false})?.size ?? 0)
  return {entries: sizes.length, sizeBytes: sizes.reduce((sum, size) => sum + size, 0)}
}

/** Takes away all answers. */
export function removeAnswers(folder: string): void {
  removeOwn(folder, name => answerName.test(name))
}

/** @returns null where nothing is kept, or nothing that can be trusted: then it is worked out */
export function readAnswer(folder: string, key: string): Answer | null {
  const bytes = readOwn(join(folder, nameOf(key)), mostBytes)
  if (bytes === undefined) return null
  const answer: Answer = JSON.parse(bytes.toString('utf8'))
  return answer.key === key ? answer : null
}

/** Keeps an answer that is not too large, and takes away what is too old or too much. */
export function writeAnswer(folder: string, answer: Answer): void {
  const bytes = Buffer.from(JSON.stringify(answer))
  if (bytes.length > mostBytes / 2) return
  writeOwn(folder, nameOf(answer.key), bytes)
  trim(folder, nameOf(answer.key))
}

function nameOf(key: string): string {
  return `${key}.answer`
}

function trim(folder: string, justWritten: string): void {
  const files = readdirSync(folder)
    .filter(name => answerName.test(name) && name !== justWritten)
    .map(name => {
      const stat = statSync(join(folder, name), {throwIfNoEntry: false})
      return {name, sizeBytes: stat?.size ?? 0, ageMs: Date.now() - (stat?.mtimeMs ?? 0)}
    })
    .sort((a, b) => a.ageMs - b.ageMs)
  let leftBytes = mostTotalBytes
  const tooMuch = new Set<string>()
  for (const [index, {name, sizeBytes, ageMs}] of files.entries()) {
    leftBytes -= sizeBytes
    if (leftBytes < 0 || index >= mostAnswers || ageMs > mostAgeMs) tooMuch.add(name)
  }
  if (tooMuch.size > 0) removeOwn(folder, name => tooMuch.has(name))
}
