import {createHash, createPublicKey, type KeyObject} from 'node:crypto'
import {ApkError} from '../model/errors.js'

/** A public key that package indexes may be signed with. */
export interface SigningKey {
  /** As indexes name it: `alpine-devel@lists.alpinelinux.org-6165ee59.rsa.pub`. */
  readonly name: string
  /** SHA-256 of its DER form, hexadecimal. */
  readonly fingerprint: string
  /** Whose packages Alpine signs with it; empty for keys that no architecture uses any more. */
  readonly architectures: readonly string[]
  readonly key: KeyObject
}

export type SigningKeys = ReadonlyMap<string, SigningKey>

/**
 * Reads the table of keys: `name fingerprint architectures key`, the key in base64. A key that is not what its
 * fingerprint says is refused, and all others with it: the table was changed.
 * @throws {ApkError} APK_BAD_SIGNATURE
 */
export function parseSigningKeys(text: string, where: string): SigningKeys {
  const keys = new Map<string, SigningKey>()
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue
    const [name = '', fingerprint = '', architectures = '', base64 = ''] = line.split('\t')
    const der = Buffer.from(base64, 'base64')
    if (createHash('sha256').update(der).digest('hex') !== fingerprint) {
      throw new ApkError('APK_BAD_SIGNATURE', `${where}: the key ${JSON.stringify(name)} is not the one that it names`)
    }
    const key = createPublicKey({key: der, format: 'der', type: 'spki'})
    keys.set(name, {name, fingerprint, architectures: architectures.split(' ').filter(word => word !== ''), key})
  }
  return keys
}
