import type {ByteSource} from '../model/bytes.js'
import type {Codec} from '../model/stored.js'
import type {Entry} from '../model/tree.js'
import type {Warn} from '../model/warning.js'

/**
 * Says which regular files it wants, how much of one it will read, and what they say. It sees each layer once, as the
 * layer comes; what it read stays with the file in the merged view.
 */
export interface Collector<Value = unknown> {
  /** Unique among the collectors of a scan. */
  readonly name: string
  /**
   * May this file matter? Asked for every regular file: it must be quick. What a layer said is kept under the names of its
   * collectors, so that the answer must be the same in every scan.
   */
  wants(entry: Entry): boolean
  /** Where given, the content must begin with these bytes. */
  readonly magic?: Uint8Array
  /** About how many bytes of memory a value takes as long as the scan goes on; without it few. */
  weigh?(value: Value): number
  /** Is a value that could not be kept read again when somebody asks for it (`RootView.read`)? */
  readonly readsAgain?: boolean
  /** How much of a file is kept for it where the layer cannot be read at offsets. */
  readonly limitBytes: number
  /**
   * Reads one file. `body` may be shorter than `entry.size` says: then only that much was kept. Of a body that is not
   * lasting, copies are kept.
   * @returns undefined where the file says nothing
   */
  read(body: ByteSource, entry: Entry, warn: Warn): Value | undefined
  /** How what it read is kept for the next run. A layer with something that cannot be kept is read again each time. */
  readonly codec?: Codec<Value>
}
