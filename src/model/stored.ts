/** Takes the bytes that belong to a value; what it returns goes into the value's JSON. */
export type PutBytes = (bytes: Uint8Array) => BytesPlace

/** Where bytes stand: offset and length. */
export type BytesPlace = readonly [offset: number, length: number]

/** Gives back what {@link PutBytes} took, as a view. @throws {RangeError} for a place that is none */
export type GetBytes = (place: BytesPlace) => Uint8Array

/** How a value is kept between two runs of the program: as JSON, and what is no text as bytes beside it. */
export interface Codec<Value> {
  pack(value: Value, put: PutBytes): unknown
  /** Given what `pack` made, by this very version of the program: nothing else is looked for. */
  unpack(packed: unknown, get: GetBytes): Value
}

/** For values that are JSON as they are. */
export function plainCodec<Value>(): Codec<Value> {
  return {pack: value => value, unpack: packed => packed as Value}
}

/**
 * What was worked out before, under a key that names all that it was worked out from. It may forget at any time, and it
 * fails silently: not to remember is never an error.
 */
export interface Memory {
  recall<Value>(key: string, codec: Codec<Value>): Value | null
  keep<Value>(key: string, value: Value, codec: Codec<Value>): void
}
