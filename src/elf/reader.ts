import type {ByteSource} from '../model/bytes.js'
import {type ElfHeader, isUnreadable, type Part} from '../model/elf.js'
import {ElfError} from '../model/errors.js'
import type {Warning} from '../model/warning.js'
import {FileBytes} from './file-bytes.js'

/** What every table's reader needs: the header, the bytes, and a place for warnings. */
export class Reader {
  readonly header: ElfHeader
  readonly bytes: FileBytes
  readonly warnings: Warning[] = []
  readonly #said = new Set<string>()

  constructor(source: ByteSource, where: string, header: ElfHeader) {
    this.header = header
    this.bytes = new FileBytes(source, where, header.endian === 'little')
  }

  get bits(): 32 | 64 {
    return this.header.class
  }

  /** Bytes of an address. */
  get wordBytes(): 4 | 8 {
    return this.header.class === 64 ? 8 : 4
  }

  /** Keeps a warning; the same one only once. */
  warn(code: ElfError['code'], message: string): void {
    this.#keep({code, message: `${this.bytes.where}: ${message}`, hides: true})
  }

  /** The result of `read`; what the file's bytes do not allow becomes a warning and an unreadable part. */
  attempt<T>(read: () => T): Part<T> {
    try {
      return read()
    } catch (error) {
      if (!(error instanceof ElfError)) throw error
      this.#keep({code: error.code, message: error.message, hides: true})
      return {unreadable: error.message}
    }
  }

  /** As {@link attempt}, for what is read by means of another part: where that is unreadable, so is this. */
  using<T, R>(part: Part<T>, read: (value: T) => R): Part<R> {
    return isUnreadable(part) ? part : this.attempt(() => read(part))
  }

  #keep(warning: Warning): void {
    if (this.#said.has(warning.message)) return
    this.#said.add(warning.message)
    this.warnings.push(warning)
  }
}

/** `read`, called at most once. */
export function once<T>(read: () => T): () => T {
  let result: {readonly value: T} | undefined
  return () => {
    result ??= {value: read()}
    return result.value
  }
}
