import {connect} from 'node:tls'
import {hostnameOf} from './host.js'

/**
 * Does the server at `url` speak TLS? Only for this machine, where plain HTTP is as good: whom it claims to be is not
 * looked at, nothing is sent, and who uses TLS then verifies as always.
 */
export function speaksTls(url: URL, timeoutMs: number): Promise<boolean> {
  return new Promise(resolve => {
    const options = {host: hostnameOf(url), port: Number(url.port || 443), rejectUnauthorized: false}
    const socket = connect({...options, timeout: timeoutMs})
    const answer = (speaks: boolean) => () => {
      socket.destroy()
      resolve(speaks)
    }
    socket.once('secureConnect', answer(true))
    for (const end of ['error', 'timeout', 'close'] as const) socket.once(end, answer(false))
  })
}
