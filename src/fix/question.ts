import type {Dockerfile} from '../dockerfile/instruction.js'
import type {LayerMap} from '../dockerfile/map.js'
import type {Values} from '../dockerfile/scope.js'
import type {Chain} from '../dockerfile/stages.js'
import type {Facts} from '../model/facts.js'
import type {HistoryEntry} from '../model/image.js'
import type {Finding} from '../model/report.js'
import type {Upgrades} from '../model/upgrades.js'

/** An image, what is found in it, and the Dockerfile that it was built from. */
export interface FixQuestion {
  /** The Dockerfile, as it stands in the file. */
  readonly text: string
  readonly map: LayerMap & {readonly dockerfile: Dockerfile}
  readonly chain: Chain
  /** Values of ARGs that builders set. */
  readonly predefined: Values
  readonly history: readonly HistoryEntry[]
  /** Of each layer: did the base image bring it? */
  readonly base: readonly (boolean | null)[]
  readonly facts: Pick<Facts, 'release' | 'alpine' | 'releases' | 'packages' | 'world' | 'matches' | 'today'>
  /** Those that count. */
  readonly findings: readonly Finding[]
  readonly upgrades: Upgrades
}
