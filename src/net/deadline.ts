import {NetError} from '../model/errors.js'

/**
 * Gives `work` a signal that is aborted when `ms` are over, or when `parent` is.
 * @param what names the work in the error: `the manifests of alpine:3.20`
 * @param longer the setting that gives it more time, where there is one
 * @throws {NetError} NET_TIMEOUT, as the signal's reason
 */
export async function withDeadline<T>(
  ms: number,
  what: string,
  work: (signal: AbortSignal) => Promise<T>,
  parent?: AbortSignal,
  longer?: string,
): Promise<T> {
  const stop = new AbortController()
  const timer = setTimeout(() => stop.abort(overdue(what, ms, longer)), ms)
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

function overdue(what: string, ms: number, longer?: string): NetError {
  const wait = longer === undefined ? 'Try again' : `Use ${longer}`
  return new NetError('NET_TIMEOUT', `${what}: not done within ${ms / 1000} s`, {
    hint: `The connection or the server is too slow. ${wait}, or save the image to a file and scan that.`,
  })
}
