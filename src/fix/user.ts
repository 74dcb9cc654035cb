import {parseCreatedBy} from '../dockerfile/created-by.js'
import type {Instruction} from '../dockerfile/instruction.js'
import type {HistoryEntry} from '../model/image.js'

/** Whoever builds as this one may change packages. */
export function isRoot(user: string): boolean {
  return /^["']?(?:root|0)(?::[^"']*)?["']?$/.test(user) || user === ''
}

/**
 * The user that the base image leaves behind, as its part of the history says; root where it says none.
 * @param baseLayers how many layers are the base image's
 * @param own the instructions on top of it: what the last of the history's empty lines may come from
 */
export function userOfBase(history: readonly HistoryEntry[], baseLayers: number, own: readonly Instruction[]): string {
  const users: string[] = []
  let layers = 0
  for (const {createdBy, emptyLayer} of history) {
    if (!emptyLayer) layers++
    if (layers > baseLayers) break
    const {kind, text} = parseCreatedBy(createdBy)
    if (emptyLayer && kind === 'USER') users.push(text.trim())
  }
  // Between the last layer of the base image and the first own one stand lines of both.
  const first = own.findIndex(({keyword}) => keyword === 'RUN' || keyword === 'COPY' || keyword === 'ADD')
  const leading = own.slice(0, first < 0 ? own.length : first).filter(({keyword}) => keyword === 'USER')
  for (const {text} of leading.reverse()) {
    if (users.at(-1) === text) users.pop()
  }
  return users.at(-1) ?? ''
}

/** The user before each of the instructions; the last entry is the one after all of them. */
export function usersOf(base: string, instructions: readonly Instruction[]): readonly string[] {
  const users = [base]
  for (const {keyword, text} of instructions) users.push(keyword === 'USER' ? text : (users.at(-1) ?? ''))
  return users
}
