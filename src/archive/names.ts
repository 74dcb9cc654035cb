const strictUtf8 = new TextDecoder('utf-8', {fatal: true, ignoreBOM: true})

/**
 * A name from an archive as text. Bytes that are not UTF-8 become the lone surrogates U+DC80 to U+DCFF, so that two
 * different names never become one (Python's PEP 383 does the same).
 */
export function decodeName(bytes: Uint8Array): string {
  const buffer = asBuffer(bytes)
  if (isAscii(buffer)) return latin1(buffer)
  try {
    return strictUtf8.decode(bytes)
  } catch {
    return escapeInvalid(buffer)
  }
}

/** Of {@link decodeName}: a byte that was not UTF-8. */
const loneByte = /([\u{dc80}-\u{dcff}])/u

/** What {@link decodeName} was given, as the operating system takes it: in bytes where they are not UTF-8. */
export function encodeName(name: string): string | Buffer {
  if (!loneByte.test(name)) return name
  const parts = name.split(loneByte)
  return Buffer.concat(
    parts.map((part, index) => (index % 2 === 0 ? Buffer.from(part) : Buffer.of(part.charCodeAt(0) - 0xdc00))),
  )
}

/** Bytes `start` to `end`, one character a byte. */
export function latin1(bytes: Uint8Array, start = 0, end = bytes.length): string {
  return asBuffer(bytes).toString('latin1', start, end)
}

/** The same bytes as a Buffer, without a copy. */
function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function isAscii(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; at++) if ((bytes[at] as number) >= 0x80) return false
  return true
}

/** Decodes every well-formed sequence, and one byte at a time where there is none. */
function escapeInvalid(bytes: Buffer): string {
  let text = ''
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes[at] as number)
    const sequence = bytes.subarray(at, at + length)
    try {
      text += strictUtf8.decode(sequence)
      at += length
    } catch {
      text += String.fromCharCode(0xdc00 + (bytes[at] as number))
      at++
    }
  }
  return text
}

function sequenceLength(lead: number): number {
  if (lead < 0xc0) return 1
  return lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4
}
