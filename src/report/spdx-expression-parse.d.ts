/** What piton uses of spdx-expression-parse 5.0.0, which ships no types. */
declare module 'spdx-expression-parse' {
  /** @throws {Error} where the text is no expression, or names a licence that is not on the SPDX list */
  export default function parse(source: string): {readonly license?: string} | {readonly conjunction: string}
}
