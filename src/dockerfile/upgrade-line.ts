import type {Instruction} from './instruction.js'
import {splitWords} from './words.js'

/** Takes these packages to the newest version, without leaving an index behind; where none is named, all of them. */
export function upgradeLine(names: readonly string[]): string {
  return names.length === 0 ? 'RUN apk upgrade --no-cache' : `RUN apk add --no-cache --upgrade ${names.join(' ')}`
}

/** Does a RUN upgrade packages, and nothing else? */
export function isUpgrade({keyword, text, heredocs}: Pick<Instruction, 'keyword' | 'text' | 'heredocs'>): boolean {
  if (keyword !== 'RUN' || heredocs.length > 0 || text.length > lineLength) return false
  const [apk, command, ...words] = splitWords(text, '\\')
  if (apk !== 'apk' || words.some(word => /[;&|<>()`$]/.test(word))) return false
  return command === 'upgrade' || (command === 'add' && words.includes('--upgrade'))
}

/** Some dozens of names. */
const lineLength = 4096
