import {NetError} from '../model/errors.js'

/**
 * Gives `work` a signal that is aborted when `ms` are over, or when `parent` is.
 * @param what names the work in the error: `the manifests of alpine:3.20`
 * @throws {NetError} NET_TIMEOUT, as the signal's reason
 */
export async function withDeadline<T>(
  ms: number,
  what: string,
  work: (signal: AbortSignal) => Promise<T>,
  parent?: AbortSignal,
): Promise<T> {
  const stop = new AbortController()
  const timer = setTimeout(() => stop.abort(overdue(what, ms)), ms)
  const follow = () => stop.abort(parent?.reason)
  if (parent?.aborted === true) follow()
  parent?.addEventListener('abort', follow, {once: true})
  try {
    return await work(stop.signal)
  } finally {
    clearTimeout(timer)
    parent?.removeEventListener('abort', follow)
  }
}

function overdue(what: string, ms: number): NetError {
  return new NetError('NET_TIMEOUT', `${what}: not done within ${ms / 1000} s`, {
    hint: 'The connection or the server is too slow. Try again, or save the image to a file and scan that.',
  })
}
