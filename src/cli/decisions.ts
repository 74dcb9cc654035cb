import type {Policy} from '../policy/index.js'
import type {Judge} from '../policy/judge.js'
import type {DecisionOptions} from './decision-flags.js'

/** What a configuration, VEX documents and a baseline come to. What nobody gave is not even loaded. */
export async function decisions({config}: DecisionOptions): Promise<Pick<Policy, 'off' | 'severities' | 'judges'>> {
  const judges: Judge[] = []
  if (config !== null && config.ignore.length > 0) {
    const {ignoreJudge} = await import('../policy/ignore.js')
    judges.push(ignoreJudge(config.ignore))
  }
  return {...(config !== null && {off: config.off, severities: config.severities}), judges}
}
