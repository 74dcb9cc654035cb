import type {Attestations} from './attestation.js'
import type {ByteSource} from './bytes.js'
import type {DiffID, Digest} from './digest.js'
import type {ApkPackage} from './package.js'
import type {Entry} from './tree.js'
import type {Warning} from './warning.js'

/**
 * What kind of thing the target is, after looking. `elf`: files by themselves, of whose surroundings nothing is known;
 * `apk`: the files of one package, of which the same is true.
 */
export type TargetKind = 'image' | 'rootfs' | 'elf' | 'apk'

/** OCI image specification, image-index.md "platform". */
export interface Platform {
  readonly os: string
  readonly architecture: string
  readonly variant?: string
}

/** `linux/arm/v7`. */
export function platformText({os, architecture, variant}: Platform): string {
  return [os, architecture, ...(variant === undefined ? [] : [variant])].join('/')
}

/** One line of `history` of the image configuration. */
export interface HistoryEntry {
  readonly createdBy: string
  readonly emptyLayer: boolean
}

/** What piton reads of an image configuration; everything is as the image says it. */
export interface ImageConfig {
  readonly platform: Platform
  readonly entrypoint: readonly string[]
  readonly cmd: readonly string[]
  readonly env: readonly string[]
  readonly workingDir: string
  readonly labels: ReadonlyMap<string, string>
  readonly history: readonly HistoryEntry[]
  readonly diffIDs: readonly DiffID[]
}

/** The tar of one layer, or the files of a folder, in the way that its source can give it. */
export type LayerContent =
  /** Read at offsets: nothing is touched that is not needed. */
  | {
      readonly kind: 'random'
      readonly tar: ByteSource
      /** Compares all of it with its digest, on another thread; without this nothing is verified. */
      readonly check?: () => Promise<void>
    }
  /** The uncompressed tar as it comes; the stream throws at its end if a digest was wrong. */
  | {
      readonly kind: 'stream'
      readonly tar: AsyncIterable<Uint8Array>
      /** Instead of reading `tar`: compares the stored bytes with their digest, which needs no inflating. */
      readonly check?: () => Promise<void>
    }
  /** No tar: a folder. */
  | {readonly kind: 'entries'; readonly entries: Iterable<FolderEntry>}

export interface FolderEntry {
  readonly entry: Entry
  /** For regular files. Opened at the first read; `close` when done. */
  readonly body: (ByteSource & {close(): void}) | null
}

/** One layer of the target, in order from the base up. A rootfs has one. */
export interface Layer {
  readonly index: number
  /** Named in messages: `layer 3 (blobs/sha256/…)`. */
  readonly name: string
  readonly diffID: DiffID | null
  /** The command that made it, from the history; null where the history does not tell. */
  readonly createdBy: string | null
  /** Bytes as stored, for progress; null where unknown. */
  readonly storedBytes: number | null
  /** Do `.wh.` names remove things? Yes in an image's layers, no in a plain tree. */
  readonly whiteouts: boolean
  /** Was, or will, every byte of it be compared with a digest? */
  readonly verified: boolean
  /** The digest that its bytes are compared with while they are read: of the blob as stored, or of its tar. */
  readonly content?: Digest | null
}

/** An opened target. Made by a source, which keeps files open until `close`. */
export interface Image {
  readonly kind: TargetKind
  /** As the person wrote it, with its scheme: `docker-archive:app.tar`. */
  readonly reference: string
  /** The image's own name where it has one: `app:1.2`. */
  readonly name: string | null
  readonly platform: Platform | null
  readonly imageID: Digest | null
  readonly manifestDigest: Digest | null
  /** Of the index that the person named, where the image was found in one. */
  readonly indexDigest?: Digest | null
  readonly config: ImageConfig | null
  /** Of the manifest. */
  readonly annotations: ReadonlyMap<string, string>
  readonly layers: readonly Layer[]
  /** The package that the target is, where it is an `.apk` file. */
  readonly package?: ApkPackage
  /** What was odd in the manifest or the archive around the layers. */
  readonly warnings: readonly Warning[]
  /** Are its layers somewhere else, and cost a download? What is known of their digests need not be read then. */
  readonly remote?: boolean
  /**
   * Reads layers and gives what `read` made of each, in the order of `layers`; the source decides which is read when,
   * and how many at a time. May be called again.
   */
  readLayers<Said>(layers: readonly Layer[], read: ReadLayer<Said>): Promise<Said[]>
  /** Reads what is stored beside the image about it; only where there can be such a thing: in a registry. */
  attestations?(): Promise<Attestations>
  close(): void
}

/** Turns the bytes of one layer into what it says. */
export type ReadLayer<Said> = (content: LayerContent, layer: Layer) => Promise<Said>
