import {RegistryError} from '../../model/errors.js'
import {count} from '../../model/text.js'
import type {HttpAnswer, HttpHead} from '../../net/http.js'
import {retryAfterMs} from '../../net/retry.js'
import {parseJson} from '../json.js'

/** Codes of error answers that are shown. */
const shownCodes = 3

/** An answer that is not what was asked for; its body where it was read. */
export type Refused = HttpHead & Partial<Pick<HttpAnswer, 'bytes'>>

/**
 * Says why there is no `what`, for every status but 401. Of what the server says only its error codes are shown: its own
 * words could hold anything, what piton sent it as well.
 */
export function refusal(answer: Refused, what: string): RegistryError {
  const {status, url} = answer
  const codes = errorCodes(answer)
  const said = [String(status), ...codes].join(', ')
  if (status === 403) {
    return new RegistryError('REGISTRY_DENIED', `${url.host} does not let piton read ${what} (${said})`, {
      hint: 'Log in with an account that may pull it (docker login); a token may also have run out.',
    })
  }
  if (status === 404) {
    return new RegistryError('REGISTRY_NOT_FOUND', `${url.host} does not have ${what} (${said})`, {
      hint: 'Check the name and the tag.',
    })
  }
  if (status === 429) {
    const waitMs = retryAfterMs(answer.header('retry-after'))
    const wait = waitMs === null ? 'Wait a while' : `Wait ${count(Math.ceil(waitMs / 1000), 'second')}`
    return new RegistryError('REGISTRY_RATE_LIMITED', `${url.host} answers no more for now: ${what} (${said})`, {
      hint: `${wait}, or log in: most registries allow more to those they know.`,
    })
  }
  if (status >= 500) {
    return new RegistryError('REGISTRY_UNAVAILABLE', `${url.host} fails: ${what} (${said})`, {hint: 'Try again later.'})
  }
  return new RegistryError('REGISTRY_BAD_RESPONSE', `${url.host} does not give ${what} (${said})`, {
    hint: 'Check that it is a registry.',
  })
}

/**
 * The registry does not know who asks, or does not accept it.
 * @param origin where the credentials came from that it was shown; null where there were none
 */
export function unauthorized(host: string, what: string, origin: string | null): RegistryError {
  if (origin === null) {
    return new RegistryError('REGISTRY_UNAUTHORIZED', `${host} does not give ${what} to strangers`, {
      hint: 'Check its name: it may not exist. If it is private, log in (docker login), or set PITON_REGISTRY_USERNAME and PITON_REGISTRY_PASSWORD.',
    })
  }
  return new RegistryError('REGISTRY_UNAUTHORIZED', `${host} does not give ${what} for the credentials of ${origin}`, {
    hint: 'Log in again, or check user name, password and what the account may pull.',
  })
}

/** OCI distribution specification, "Error Codes". */
function errorCodes({bytes}: Refused): readonly string[] {
  if (bytes === undefined) return []
  try {
    const errors = parseJson(bytes, 'the error').field('errors').items()
    return errors
      .map(error => error.field('code').text())
      .filter(code => /^[A-Z_]{1,40}$/.test(code))
      .slice(0, shownCodes)
  } catch {
    return [] // No registry wrote this: the status has to do.
  }
}
