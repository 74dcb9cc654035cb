import {closeSync, fstatSync, openSync, readFileSync} from 'node:fs'
import {createSecureContext, rootCertificates, type SecureContext} from 'node:tls'
import {NetError} from '../model/errors.js'
import {limits} from '../model/limits.js'

/**
 * Whom to trust besides Node's own authorities: those of `SSL_CERT_FILE`. Node itself adds those of
 * `NODE_EXTRA_CA_CERTS` when it starts, so undefined (Node's default) is right where there is nothing else.
 * @throws {NetError} NET_CERTIFICATES
 */
export function trusted(env: NodeJS.ProcessEnv): SecureContext | undefined {
  if (!env['SSL_CERT_FILE']) return undefined
  // A list of authorities replaces Node's default, so what that would have had is listed as well.
  const extra = ['SSL_CERT_FILE', 'NODE_EXTRA_CA_CERTS'].flatMap(name => {
    const file = env[name]
    return file ? [readCertificates(file, name)] : []
  })
  try {
    return createSecureContext({ca: [...rootCertificates, ...extra]})
  } catch (cause) {
    throw unusable(env['SSL_CERT_FILE'], 'SSL_CERT_FILE', 'it holds no PEM certificates', cause)
  }
}

function readCertificates(file: string, name: string): Buffer {
  let fd: number | null = null
  try {
    fd = openSync(file, 'r')
    const {size} = fstatSync(fd)
    if (size > limits.certificateBytes)
      throw unusable(file, name, `it has ${size} bytes; ${limits.certificateBytes} is the limit`)
    return readFileSync(fd)
  } catch (error) {
    if (error instanceof NetError) throw error
    throw unusable(file, name, (error as NodeJS.ErrnoException).code ?? 'unknown error', error)
  } finally {
    if (fd !== null) closeSync(fd)
  }
}

function unusable(file: string, name: string, reason: string, cause?: unknown): NetError {
  return new NetError('NET_CERTIFICATES', `${name} names ${file}, which cannot be used: ${reason}`, {
    hint: 'Name a file of PEM certificates, or unset the variable.',
    cause,
  })
}
