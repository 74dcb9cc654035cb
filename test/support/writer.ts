/** Collects bytes of a binary format in either byte order. */
export class Writer {
  readonly bits: 32 | 64
  readonly little: boolean
  readonly #bytes: number[] = []

  constructor(bits: 32 | 64, little: boolean) {
    this.bits = bits
    this.little = little
  }

  get length(): number {
    return this.#bytes.length
  }

  number(value: number, size: number): void {
    let rest = BigInt(value)
    const bytes = Array.from({length: size}, () => {
      const byte = Number(BigInt.asUintN(8, rest))
      rest >>= 8n
      return byte
    })
    this.#bytes.push(...(this.little ? bytes : bytes.reverse()))
  }

  numbers(...list: (readonly [size: number, value: number])[]): void {
    for (const [size, value] of list) this.number(value, size)
  }

  /** Numbers as wide as the class. */
  words(...values: number[]): void {
    for (const value of values) this.number(value, this.bits / 8)
  }

  raw(bytes: Uint8Array): void {
    this.#bytes.push(...bytes)
  }

  text(text: string): void {
    this.raw(Buffer.from(text))
  }

  zeros(count: number): void {
    this.raw(new Uint8Array(count))
  }

  overwrite(at: number, bytes: Uint8Array): void {
    for (const [index, byte] of bytes.entries()) this.#bytes[at + index] = byte
  }

  bytes(): Uint8Array {
    return Uint8Array.from(this.#bytes)
  }
}
