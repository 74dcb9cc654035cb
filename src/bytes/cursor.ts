import {ElfError} from '../model/errors.js'

/** Reads numbers and slices out of bytes that somebody else wrote, and never past their end. */
export class Cursor {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  readonly #where: string
  readonly #little: boolean
  /** What offset 0 of the bytes is in the file: errors name places in the file. */
  readonly #base: number
  #at = 0

  /**
   * @param where named in errors: `/usr/bin/node, section header 12`
   * @param base offset in the file of the first of these bytes, for errors
   */
  constructor(bytes: Uint8Array, where: string, little: boolean, base = 0) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#where = where
    this.#little = little
    this.#base = base
  }

  /** Offset of the next read, from the first of these bytes. */
  get at(): number {
    return this.#at
  }

  get remaining(): number {
    return this.#bytes.length - this.#at
  }

  u8(): number {
    return this.#view.getUint8(this.#claim(1))
  }

  u16(): number {
    return this.#view.getUint16(this.#claim(2), this.#little)
  }

  u32(): number {
    return this.#view.getUint32(this.#claim(4), this.#little)
  }

  /** @throws {ElfError} ELF_LIMIT above `Number.MAX_SAFE_INTEGER`: no file is that large, and the number is not exact */
  u64(): number {
    const value = this.address(64)
    if (value > Number.MAX_SAFE_INTEGER) {
      throw new ElfError(
        'ELF_LIMIT',
        `${this.#where}: the 64-bit number at ${this.#base + this.#at - 8} is out of range`,
      )
    }
    return value
  }

  /** A number as wide as the file's class: a size or an offset. */
  word(bits: 32 | 64): number {
    return bits === 64 ? this.u64() : this.u32()
  }

  /** As {@link word}, but only rounded above 2^53: kernels live at the end of the address space, and nothing is sought there. */
  address(bits: 32 | 64): number {
    if (bits === 32) return this.u32()
    const at = this.#claim(8)
    const first = this.#view.getUint32(at, this.#little)
    const second = this.#view.getUint32(at + 4, this.#little)
    return this.#little ? second * 2 ** 32 + first : first * 2 ** 32 + second
  }

  /** A signed number of 8 bytes, only rounded below -2^53 and above 2^53. */
  signed64(): number {
    const at = this.#claim(8)
    const [low, high] = this.#little ? [at, at + 4] : [at + 4, at]
    return this.#view.getInt32(high, this.#little) * 2 ** 32 + this.#view.getUint32(low, this.#little)
  }

  /** The next `count` bytes, as a view. */
  take(count: number): Uint8Array {
    const at = this.#claim(count)
    return this.#bytes.subarray(at, at + count)
  }

  skip(count: number): void {
    this.#claim(count)
  }

  /** Goes to `offset` from the first of these bytes; the end itself is allowed, and nothing can be read there. */
  seek(offset: number): void {
    if (!(offset >= 0 && offset <= this.#bytes.length)) this.#refuse(0, offset)
    this.#at = offset
  }

  #claim(count: number): number {
    const at = this.#at
    // Written so that NaN fails, and no sum can overflow.
    if (!(count >= 0 && count <= this.#bytes.length - at)) this.#refuse(count, at)
    this.#at = at + count
    return at
  }

  #refuse(count: number, at: number): never {
    const end = this.#base + this.#bytes.length
    throw new ElfError('ELF_TRUNCATED', `${this.#where}: needs ${count} bytes at ${this.#base + at}, ends at ${end}`)
  }
}
