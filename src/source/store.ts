import {join} from 'node:path'
import type {ByteSource} from '../model/bytes.js'
import {ImageError} from '../model/errors.js'
import {limits} from '../model/limits.js'
import {mapConcurrent} from './concurrent.js'
import {FileSource, statOf} from './file.js'

/** The stored bytes of one blob: at offsets, or as they come. */
export type Blob = ByteSource | AsyncIterable<Uint8Array>

/** What holds the layers of an image, each under a path. */
export interface LayerStore {
  /** Named in errors. */
  readonly name: string
  /** Were all its bytes read to open it, so that hashing them costs no more reading? */
  readonly inMemory: boolean
  /** Does reading a blob fetch it from another machine? */
  readonly isRemote?: boolean
  /** Size of a file; null where there is none. Links inside the store are followed. */
  sizeOf(path: string): number | null
  /** Gives each of `paths` to `use`; the store decides the order. */
  readBlobs<T>(paths: readonly string[], use: (blob: Blob, index: number) => Promise<T>): Promise<T[]>
  close(): void
}

/** All named files that an image is made of: a folder, or an archive. */
export interface BlobStore extends LayerStore {
  /** A small file. Its size has been checked against {@link limits.jsonBytes} by {@link readSmall}. */
  small(path: string): Uint8Array
}

/**
 * A manifest, index or configuration.
 * @throws {ImageError} IMAGE_MISSING_BLOB, or IMAGE_BAD_JSON where it is larger than any such document
 */
export function readSmall(store: BlobStore, path: string, what: string): Uint8Array {
  const size = store.sizeOf(path)
  if (size === null) throw missingBlob(store, path, what)
  if (size > limits.jsonBytes) {
    throw new ImageError(
      'IMAGE_BAD_JSON',
      `${what} of ${store.name} has ${size} bytes; ${limits.jsonBytes} is the limit`,
    )
  }
  return store.small(path)
}

export function missingBlob(store: LayerStore, path: string, what: string): ImageError {
  return new ImageError('IMAGE_MISSING_BLOB', `${what} is not in ${store.name} (${path})`, {
    hint: 'The image is incomplete. Save or pull it again.',
  })
}

/** Layers that are read at the same time: libuv inflates as many in its pool. */
export const layersAtOnce = 4

/** An OCI layout folder. What its blobs hold is verified by digest, so a link among them does no harm. */
export function folderStore(folder: string): BlobStore {
  const open = new Set<FileSource>()
  const withFile = async <T>(path: string, use: (file: FileSource) => Promise<T> | T): Promise<T> => {
    const file = new FileSource(join(folder, path))
    open.add(file)
    try {
      return await use(file)
    } finally {
      open.delete(file)
      file.close()
    }
  }
  return {
    name: folder,
    inMemory: false,
    sizeOf(path) {
      const stat = statOf(join(folder, path))
      return stat?.isFile() === true ? stat.size : null
    },
    small(path) {
      const file = new FileSource(join(folder, path))
      try {
        return file.read(0, limits.jsonBytes)
      } finally {
        file.close()
      }
    },
    readBlobs: (paths, use) =>
      mapConcurrent(paths, layersAtOnce, (path, index) => withFile(path, file => use(file, index))),
    close() {
      for (const file of open) file.close()
    },
  }
}
