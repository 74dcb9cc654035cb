import type {Facts} from '../model/facts.js'
import type {Image} from '../model/image.js'
import type {Warning} from '../model/warning.js'

/** What there is to know of a target once it has been looked at. */
export interface Seen {
  readonly facts: Facts
  /** What was odd where the layers were read, and where they were made one. */
  readonly readWarnings: readonly Warning[]
  /** What was odd in what they hold. */
  readonly factWarnings: readonly Warning[]
  /** The layer that last wrote a path; null where there is none. */
  layerOf(path: string): number | null
}

/** An image without the bytes behind it. */
export type ImageHead = Omit<Image, 'readLayers' | 'attestations' | 'close'>
