/** Text from a file of the target: UTF-8, a byte order mark dropped, anything else as U+FFFD. */
export function decodeText(bytes: Uint8Array): string {
  return new TextDecoder('utf-8').decode(bytes)
}
