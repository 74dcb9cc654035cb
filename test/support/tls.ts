import {createSign, generateKeyPairSync} from 'node:crypto'
import {createServer} from 'node:https'
import type {MakeServer} from './registry-server.js'

/** A certificate for 127.0.0.1 that signs itself, and its key; both PEM. */
export interface SelfSigned {
  readonly key: string
  readonly cert: string
}

/** DER: tag, length, content. */
function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts)
  return Buffer.concat([Buffer.from([tag, ...derLength(body.length)]), body])
}

function derLength(length: number): readonly number[] {
  if (length < 128) return [length]
  return length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
}

const sequence = (...parts: readonly Uint8Array[]) => der(0x30, ...parts)
const oid = (hex: string) => der(0x06, Buffer.from(hex, 'hex'))
const octets = (...parts: readonly Uint8Array[]) => der(0x04, ...parts)
const time = (text: string) => der(0x18, Buffer.from(text))

let made = 0

/** Made here, so that no key lies about; each with a name of its own, by which it is found. RFC 5280, 4.1 */
export function selfSigned(): SelfSigned {
  const {privateKey, publicKey} = generateKeyPairSync('ec', {namedCurve: 'P-256'})
  const ecdsaWithSha256 = sequence(oid('2a8648ce3d040302'))
  const name = sequence(der(0x31, sequence(oid('550403'), der(0x0c, Buffer.from(`piton test ${++made}`)))))
  const address = sequence(der(0x87, Buffer.from([127, 0, 0, 1])))
  const extensions = der(
    0xa3,
    sequence(
      sequence(oid('551d13'), octets(sequence(der(0x01, Buffer.from([0xff]))))),
      sequence(oid('551d11'), octets(address)),
    ),
  )
  const certificate = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1])),
    ecdsaWithSha256,
    name,
    sequence(time('20200101000000Z'), time('21200101000000Z')),
    name,
    publicKey.export({type: 'spki', format: 'der'}),
    extensions,
  )
  const signature = createSign('sha256').update(certificate).sign(privateKey)
  const whole = sequence(certificate, ecdsaWithSha256, der(0x03, Buffer.from([0]), signature))
  const lines = whole.toString('base64').replace(/.{64}/g, '$&\n')
  return {
    key: privateKey.export({type: 'pkcs8', format: 'pem'}) as string,
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
  }
}

export function tlsServer(certificate: SelfSigned): MakeServer {
  return listener => createServer(certificate, listener)
}
