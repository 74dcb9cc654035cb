import {crc32} from 'node:zlib'
import type {BytesPlace, Codec} from '../model/stored.js'

/**
 * One entry as a file: a head of fixed size, the key, the JSON, and the bytes that the JSON points into. The head holds a
 * checksum of all the rest, so that a file that was torn by a crash, or that a disk has damaged, is no entry.
 */
const magic = Buffer.from('piton\0\u0001\n')
const headBytes = 24
/** Of what follows the magic and the checksum itself. */
const checkedFrom = 12

/** The pieces of an entry's file, to be written one after the other. */
export function sealEntry<Value>(key: string, value: Value, codec: Codec<Value>): readonly Uint8Array[] {
  const pieces: Uint8Array[] = []
  let sizeBytes = 0
  const packed = codec.pack(value, bytes => {
    const place: BytesPlace = [sizeBytes, bytes.length]
    pieces.push(bytes)
    sizeBytes += bytes.length
    return place
  })
  const [name, json] = [Buffer.from(key), Buffer.from(JSON.stringify(packed))]
  const head = Buffer.alloc(headBytes)
  magic.copy(head)
  head.writeUInt32LE(name.length, 12)
  head.writeUInt32LE(json.length, 16)
  head.writeUInt32LE(sizeBytes, 20)
  const checked = [head.subarray(checkedFrom), name, json, ...pieces]
  head.writeUInt32LE(checksum(checked), 8)
  return [head, name, json, ...pieces]
}

/** The value in an entry's file; null where the file is damaged, or the entry of another key. */
export function openEntry<Value>(file: Buffer, key: string, codec: Codec<Value>): {readonly value: Value} | null {
  if (file.length < headBytes || !file.subarray(0, magic.length).equals(magic)) return null
  const [keyLength, jsonLength, bytesLength] = [file.readUInt32LE(12), file.readUInt32LE(16), file.readUInt32LE(20)]
  if (file.length !== headBytes + keyLength + jsonLength + bytesLength) return null
  if (file.readUInt32LE(8) !== checksum([file.subarray(checkedFrom)])) return null
  const jsonAt = headBytes + keyLength
  if (file.toString('utf8', headBytes, jsonAt) !== key) return null
  const bytes = file.subarray(jsonAt + jsonLength)
  try {
    const packed: unknown = JSON.parse(file.toString('utf8', jsonAt, jsonAt + jsonLength))
    return {value: codec.unpack(packed, place => bytesAt(bytes, place))}
  } catch (error) {
    // The checksum is right, and still it is not what this version writes: whatever it is, it is worth nothing.
    if (error instanceof RangeError || error instanceof SyntaxError || error instanceof TypeError) return null
    throw error
  }
}

function bytesAt(bytes: Uint8Array, [offset, length]: BytesPlace): Uint8Array {
  if (!(offset >= 0 && length >= 0 && length <= bytes.length - offset)) {
    throw new RangeError(`${length} bytes at ${offset} of ${bytes.length}`)
  }
  return bytes.subarray(offset, offset + length)
}

/** Of nothing zlib makes 0, whatever came before. */
function checksum(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((sum, piece) => (piece.length === 0 ? sum : crc32(piece, sum)), 0)
}
