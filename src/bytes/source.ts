import type {ByteSource} from '../model/bytes.js'

/** Bytes in memory. */
export function memorySource(bytes: Uint8Array): ByteSource {
  return {
    sizeBytes: bytes.length,
    read: (offset, length) => bytes.subarray(clamp(offset, bytes.length), clamp(offset + length, bytes.length)),
  }
}

/** The part of `source` from `start`, `sizeBytes` long or as long as there is; never more than was asked for. */
export function sliceSource(source: ByteSource, start: number, sizeBytes: number): ByteSource {
  const from = clamp(start, source.sizeBytes)
  const size = clamp(sizeBytes, source.sizeBytes - from)
  return {
    sizeBytes: size,
    read(offset, length) {
      const at = clamp(offset, size)
      return source.read(from + at, clamp(length, size - at))
    },
  }
}

/** `value` between 0 and `most`; NaN is 0. */
function clamp(value: number, most: number): number {
  return value > 0 ? Math.min(value, most) : 0
}
