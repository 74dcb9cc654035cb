import {statSync} from 'node:fs'
import {ConfigError} from '../policy/error.js'
import {policyLimits} from '../policy/limits.js'
import {readPolicyFile} from './policy-file.js'

/** Names of the configuration in the working folder; the first is the one that piton writes. */
export const configNames = ['.piton.yaml', '.piton.yml'] as const

/**
 * The file that holds the configuration; null where there is none.
 * @param asked what `--config` says: '' for none
 * @param canBeNew may the one that was asked for be missing? Then it is null
 * @throws {ConfigError} CONFIG_NOT_FOUND for one that was asked for; CONFIG_INVALID for two
 */
export function findConfig(asked: string | undefined, canBeNew = false): string | null {
  if (asked !== undefined) {
    if (asked === '' || exists(asked)) return asked || null
    if (canBeNew) return null
    throw new ConfigError('CONFIG_NOT_FOUND', `there is no configuration ${asked}`, {
      hint: 'piton config init writes one.',
    })
  }
  const [first, second] = configNames.filter(exists)
  if (first !== undefined && second !== undefined) {
    throw new ConfigError('CONFIG_INVALID', `there are both ${first} and ${second}`, {hint: 'Keep one of them.'})
  }
  return first ?? null
}

/** @throws {ConfigError} CONFIG_UNREADABLE */
export function readConfigFile(file: string): Uint8Array {
  return readPolicyFile(file, policyLimits.configBytes, (message, details) => {
    return new ConfigError('CONFIG_UNREADABLE', message, details)
  })
}

function exists(file: string): boolean {
  return statSync(file, {throwIfNoEntry: false}) !== undefined
}
