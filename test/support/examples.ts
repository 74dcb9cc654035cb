import {calledCommand} from '../../src/cli/direct.js'
import {COMMANDS} from '../../src/commands/index.js'

type Flags = Readonly<Record<string, {readonly char?: string}>>

/**
 * What of a command line that people are told to type does not exist: the command, or a flag of it.
 * @param line what stands behind `piton`, without what other programs do before and after it
 */
export function unknownParts(line: string): readonly string[] {
  const words = line.trim().split(/\s+/)
  if (words[0] === 'help' || words[0]?.startsWith('-')) return []
  const called = calledCommand(words, COMMANDS)
  if (called === null) return [words.slice(0, 2).join(' ')]
  const {flags = {}, baseFlags = {}} = called.command as {readonly flags?: Flags; readonly baseFlags?: Flags}
  const known = Object.entries({...flags, ...baseFlags}).flatMap(([name, {char}]) => {
    return [`--${name}`, `--no-${name}`, ...(char === undefined ? [] : [`-${char}`])]
  })
  const used = words.filter(word => /^--?[a-z]/.test(word)).map(word => word.split('=')[0] ?? '')
  return used.filter(flag => !known.includes(flag) && flag !== '--help')
}
