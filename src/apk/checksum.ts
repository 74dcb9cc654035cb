/** `Q1`, then 20 bytes in base64: 27 characters and one of padding. */
const encodedLength = 2 + 28

const hexDigits = Buffer.from('0123456789abcdef')
const base64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const values = new Int8Array(256).fill(-1)
for (const [value, character] of [...base64].entries()) values[character.charCodeAt(0)] = value

const hex = Buffer.alloc(40)

/**
 * Decodes a checksum of the installed database, `Q1` and base64, to 40 hexadecimal digits; null where it is anything
 * else. Straight from bytes to digits, two characters to three: a database has a checksum for each of its files.
 */
export function checksumHex(bytes: Uint8Array, start: number, end: number): string | null {
  if (end - start !== encodedLength || bytes[start] !== 0x51 /* Q */ || bytes[start + 1] !== 0x31 /* 1 */) return null
  if (bytes[end - 1] !== 0x3d /* = */) return null
  let seen = 0
  let written = 0
  for (let at = start + 2; at < end - 2; at += 2) {
    const pair = (valueAt(bytes, at) << 6) | valueAt(bytes, at + 1)
    seen |= pair
    hex[written++] = digit(pair >> 8)
    hex[written++] = digit(pair >> 4)
    hex[written++] = digit(pair)
  }
  const last = valueAt(bytes, end - 2)
  hex[written] = digit(last >> 2)
  return (seen | last) < 0 ? null : hex.toString('latin1')
}

/** Negative where the byte is not of the alphabet, and stays so when shifted. */
function valueAt(bytes: Uint8Array, at: number): number {
  return values[bytes[at] as number] as number
}

function digit(value: number): number {
  return hexDigits[value & 15] as number
}
