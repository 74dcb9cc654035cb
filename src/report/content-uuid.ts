import {createHash} from 'node:crypto'
import {projectURL} from '../model/project.js'

/** RFC 9562, appendix C: the namespace of names that are URLs. */
const urlNamespace = Buffer.from('6ba7b8119dad11d180b400c04fd430c8', 'hex')

/** Stands in a document where its UUID will stand, RFC 9562, 5.9. */
export const nilUUID = '00000000-0000-0000-0000-000000000000'

/** A document of so many characters is made once: a larger one is made again rather than held. */
const heldCharacters = 8 * 1024 * 1024

/**
 * Gives a document the UUID that is made from its text, in place of the first {@link nilUUID}: a document that says the
 * same is the same document.
 * @param make gives the pieces of the text, the same each time
 */
export function* withContentUUID(make: () => Iterable<string>): Generator<string> {
  const hash = createHash('sha1').update(urlNamespace).update(`${projectURL}#`)
  const held: string[] = []
  let characters = 0
  for (const piece of make()) {
    hash.update(piece)
    characters += piece.length
    if (characters <= heldCharacters) held.push(piece)
  }
  const uuid = uuidOf(hash.digest())
  let isSet = false
  for (const piece of characters <= heldCharacters ? held : make()) {
    yield isSet ? piece : piece.replace(nilUUID, uuid)
    isSet ||= piece.includes(nilUUID)
  }
}

/** The UUID, version 5, of a SHA-1. */
function uuidOf(digest: Buffer): string {
  const bytes = digest.subarray(0, 16)
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6)
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}
