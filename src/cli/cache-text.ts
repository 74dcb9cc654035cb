import type {CacheStatus} from '../cache/index.js'
import {count, visible} from '../model/text.js'

/** `piton cache status`. */
export function cacheText(
  folder: string,
  {entries, sizeBytes}: CacheStatus,
  totalBytes: number,
  answers: CacheStatus,
): string {
  return [
    `Cache    ${visible(folder)}`,
    `Entries  ${count(entries, 'entry', 'entries')}, ${megabytes(sizeBytes)} of at most ${megabytes(totalBytes)}`,
    `Answers  ${answers.entries}, ${megabytes(answers.sizeBytes)}`,
    '',
  ].join('\n')
}

/** `piton cache status -o json`. */
export function cacheJson(
  folder: string,
  {entries, sizeBytes}: CacheStatus,
  totalBytes: number,
  answers: CacheStatus,
): string {
  return `${JSON.stringify({schemaVersion: 1, folder, entries, sizeBytes, limitBytes: totalBytes, answers}, null, 2)}\n`
}

/** `piton cache clean`. */
export function cleanedText(folder: string, {entries, sizeBytes}: CacheStatus): string {
  return `Removed ${count(entries, 'entry', 'entries')}, ${megabytes(sizeBytes)}, from ${visible(folder)}\n`
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`
}
