import {createHash} from 'node:crypto'
import {projectURL} from '../model/project.js'

/** RFC 9562, appendix C: the namespace of names that are URLs. */
const urlNamespace = Buffer.from('6ba7b8119dad11d180b400c04fd430c8', 'hex')

/** Stands in a document where its UUID will stand, RFC 9562, 5.9. */
export const nilUUID = '00000000-0000-0000-0000-000000000000'

/**
 * Gives a document the UUID that is made from its text, in place of the first {@link nilUUID}: a document that says the
 * same is the same document.
 */
export function withContentUUID(text: string): string {
  return text.replace(nilUUID, uuidOf(text))
}

/** The UUID, version 5, that a text always has. */
function uuidOf(text: string): string {
  const bytes = createHash('sha1').update(urlNamespace).update(`${projectURL}#`).update(text).digest().subarray(0, 16)
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6)
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}
