/** What a JSON text would become, found without making it. */
export interface JsonShape {
  /** Deepest nesting of brackets: parsers and readers recurse. */
  readonly depth: number
  /** Values, within a factor of two: each costs memory of its own. */
  readonly values: number
}

const [quote, backslash, comma, openBracket, closeBracket, openBrace, closeBrace] = [
  0x22, 0x5c, 0x2c, 0x5b, 0x5d, 0x7b, 0x7d,
]

/** Looks at the punctuation outside strings. What is not JSON has a shape too; `JSON.parse` says that it is not. */
export function jsonShape(bytes: Uint8Array): JsonShape {
  let depth = 0
  let deepest = 0
  let values = 1
  let inString = false
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]
    if (inString) {
      if (byte === backslash) at++
      else if (byte === quote) inString = false
    } else if (byte === quote) inString = true
    else if (byte === comma) values++
    else if (byte === openBrace || byte === openBracket) {
      values++
      deepest = Math.max(deepest, ++depth)
    } else if (byte === closeBrace || byte === closeBracket) depth--
  }
  return {depth: deepest, values}
}
