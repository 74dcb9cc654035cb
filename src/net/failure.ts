import {NetError, PitonError} from '../model/errors.js'
import {spoken} from './host.js'

/** One line for each way in which a connection fails: whose codes, what that is, and what it says. */
const failures: readonly (readonly [codes: RegExp, code: NetError['code'], words: string, hint: string])[] = [
  [
    /^UND_ERR_CONNECT_TIMEOUT$/,
    'NET_TIMEOUT',
    'no connection in time',
    'Check the network and the proxy; --limit connect-time=30s waits longer.',
  ],
  [/^ETIMEDOUT$/, 'NET_TIMEOUT', 'no connection in time', 'Check the network and the proxy.'],
  [/^EAI_AGAIN$/, 'NET_TIMEOUT', 'its name is not resolved at the moment', 'Check the network, or try again.'],
  [
    /^UND_ERR_BODY_TIMEOUT$/,
    'NET_TIMEOUT',
    'its answer stopped coming',
    'Try again later; --limit idle-time=2m waits longer.',
  ],
  [/^UND_ERR_HEADERS_OVERFLOW$|^HPE_HEADER_OVERFLOW$/, 'NET_TOO_LARGE', 'the head of its answer is too large', ''],
  [/^HPE_/, 'NET_PROTOCOL', 'it does not speak HTTP', 'Check the host and the port.'],
  [/^UND_ERR_SOCKET$|^ECONNRESET$|^EPIPE$|^UND_ERR_RES/, 'NET_CUT', 'the connection was cut', 'Try again.'],
  [/^ENOTFOUND$/, 'NET_UNREACHABLE', 'there is no such host', 'Check the name of the host.'],
  [/^ECONNREFUSED$/, 'NET_UNREACHABLE', 'the connection was refused', 'Check that it runs, and its port.'],
  [/^E(?:HOST|NET)UNREACH$|^EADDRNOTAVAIL$/, 'NET_UNREACHABLE', 'it cannot be reached', 'Check the network.'],
  [
    /^EPROTO$|^ERR_SSL_/,
    'NET_TLS',
    'it does not speak TLS as it should',
    'If it is a registry that only speaks plain HTTP, and you trust the network, use --insecure-registry.',
  ],
  [
    /ALTNAME_INVALID$|^HOSTNAME_MISMATCH$/,
    'NET_TLS',
    'its certificate is for another host',
    'Check the name of the host.',
  ],
  [
    /CERT|^UNABLE_TO_|^ERR_TLS_/,
    'NET_TLS',
    'its certificate is not trusted',
    'Name the authority that signed it, as a PEM file, in SSL_CERT_FILE or NODE_EXTRA_CA_CERTS.',
  ],
]

/**
 * What went wrong on the way to `url`, in words. What was underneath is left out on purpose, all but its code: it may
 * carry addresses with signatures in them.
 */
export function failureOf(error: unknown, url: URL): unknown {
  if (error instanceof PitonError || !(error instanceof Error)) return error
  const code = codeOf(error)
  if (code === '') return error
  if (/^Proxy response/.test(error.message) || /\(407\)/.test(error.message)) {
    return new NetError('NET_PROXY', `the proxy does not let piton through to ${url.host}`, {
      hint: 'Check HTTPS_PROXY (user and password too) and NO_PROXY.',
    })
  }
  const known = failures.find(([codes]) => codes.test(code))
  if (known === undefined) return new NetError('NET_UNREACHABLE', `cannot read ${spoken(url)} (${code})`)
  const [, ours, words, hint] = known
  return new NetError(ours, `cannot read ${spoken(url)}: ${words} (${code})`, hint === '' ? {} : {hint})
}

/** There is no whole head of an answer, and the time for it is over. */
export function tooLate(url: URL): NetError {
  return new NetError('NET_TIMEOUT', `cannot read ${spoken(url)}: no answer in time`, {
    hint: 'Try again later; --limit answer-time=2m waits longer.',
  })
}

/** Could the same request work in a moment? */
export function isPassing(error: unknown): boolean {
  return error instanceof NetError && (error.code === 'NET_CUT' || error.code === 'NET_TIMEOUT')
}

function codeOf(error: Error): string {
  const {code} = error as NodeJS.ErrnoException
  if (typeof code === 'string') return code
  return error.name === 'HTTPParserError' ? 'HPE_INVALID' : ''
}
