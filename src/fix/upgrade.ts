import type {Change} from '../dockerfile/edit.js'
import type {Instruction} from '../dockerfile/instruction.js'
import {upgradeLine} from '../dockerfile/upgrade-line.js'
import {isRoot} from './user.js'

/** Names in one line; past that, upgrading everything is the shorter way to the same place. */
const namesPerLine = 12

/** A line that upgrades packages. */
export interface AddedUpgrade {
  readonly change: Extract<Change, {kind: 'insert'}>
  /** Without the lines about the user. */
  readonly line: string
  /** Index of the instruction that it follows; -1: of FROM. */
  readonly after: number
  /** The packages that it is for, sorted. */
  readonly names: readonly string[]
}

export interface WantedUpgrade {
  readonly names: readonly string[]
  /** May all packages be upgraded instead of those that are named? */
  readonly canBeAll: boolean
  /** Index of the instruction that it follows at the earliest; -1: FROM. */
  readonly after: number
  readonly from: Instruction
  readonly instructions: readonly Instruction[]
  /** The user before each instruction, see usersOf. */
  readonly users: readonly string[]
}

/** A line that upgrades packages, where who builds is root: apk needs that. */
export function addedUpgrade({names, canBeAll, after, from, instructions, users}: WantedUpgrade): AddedUpgrade {
  const line = upgradeLine(canBeAll && names.length > namesPerLine ? [] : names)
  const follow = (index: number, lines: readonly string[]): AddedUpgrade => {
    const {endLine} = instructions[index] ?? from
    return {change: {kind: 'insert', after: endLine, lines}, line, after: index, names}
  }
  const user = users[after + 1] ?? ''
  if (isRoot(user)) return follow(after, [line])
  // Where the Dockerfile becomes root by itself, nothing has to change for it.
  const later = instructions.findIndex(({keyword, text}, index) => index > after && keyword === 'USER' && isRoot(text))
  if (later >= 0) return follow(later, [line])
  return follow(after, ['USER root', line, `USER ${user}`])
}
