import {decompress} from '../archive/compression.js'
import {type BodyWriter, TarWalker} from '../archive/tar.js'
import {ApkError} from '../model/errors.js'
import {limits} from '../model/limits.js'

/**
 * The text of a repository's index out of `APKINDEX.tar.gz`: two gzip members, the signature and the index, each a tar
 * without an end, which together are one.
 * @param where names the file in errors
 * @throws {ApkError} where there is no index in it; {ArchiveError} where it is no such archive
 */
export async function readIndexArchive(bytes: Uint8Array, where: string): Promise<Uint8Array> {
  let index: KeptMember | null = null
  const walker = new TarWalker(
    {
      member({name, size}) {
        if (name !== 'APKINDEX') return null
        if (size > limits.packageIndexBytes) {
          throw new ApkError('APK_LIMIT', `${where}: APKINDEX has ${size} bytes, more than ${limits.packageIndexBytes}`)
        }
        index = new KeptMember(size)
        return index
      },
    },
    where,
  )
  for await (const chunk of decompress(once(bytes), where)) walker.push(chunk)
  walker.end()
  const found = index as KeptMember | null
  if (found === null) throw new ApkError('APK_BAD_RECORD', `${where} is no package index: there is no APKINDEX in it`)
  return found.bytes
}

/** The whole body of one member. */
class KeptMember implements BodyWriter {
  readonly limit: number
  readonly bytes: Uint8Array
  #filled = 0

  constructor(sizeBytes: number) {
    this.limit = sizeBytes
    this.bytes = new Uint8Array(sizeBytes)
  }

  write(chunk: Uint8Array): void {
    this.bytes.set(chunk, this.#filled)
    this.#filled += chunk.length
  }

  end(): void {
    // The walker has given as many bytes as the header stated.
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
