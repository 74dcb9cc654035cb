import {BlockList, isIP} from 'node:net'
import {NetError} from '../model/errors.js'
import {Secret} from '../model/secret.js'
import {hostnameOf, isLoopback} from './host.js'

/** A proxy that the environment names. */
export interface HttpProxy {
  /** Without user and password. */
  readonly url: URL
  /** For the `Proxy-Authorization` header. */
  readonly authorization: Secret | null
}

/**
 * The proxy for `target`: `HTTPS_PROXY` or `HTTP_PROXY`, by the scheme, unless `NO_PROXY` names its host; lower-case names
 * win, as with curl. This machine itself is never reached through a proxy.
 * @throws {NetError} NET_PROXY for what is no proxy that piton can use
 */
export function proxyFor(target: URL, env: NodeJS.ProcessEnv): HttpProxy | null {
  const hostname = hostnameOf(target)
  if (isLoopback(hostname)) return null
  const name = target.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY'
  const value = variable(env, name)
  if (value === '' || isExempt(target, variable(env, 'NO_PROXY'))) return null
  return parseProxy(value, name)
}

function variable(env: NodeJS.ProcessEnv, name: string): string {
  return (env[name.toLowerCase()] || env[name] || '').trim()
}

function parseProxy(value: string, name: string): HttpProxy {
  const text = value.includes('://') ? value : `http://${value}`
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new NetError('NET_PROXY', `${name} does not name an HTTP proxy`, {
      hint: 'For example http://proxy.example:3128; SOCKS proxies are not used.',
    })
  }
  const {username, password} = url
  const userinfo = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  url.username = ''
  url.password = ''
  const given = username !== '' || password !== ''
  return {url, authorization: given ? new Secret(`Basic ${Buffer.from(userinfo).toString('base64')}`) : null}
}

/**
 * `NO_PROXY`: `*`, host names (with all that is below them), `.domain` (only what is below it), addresses, address ranges
 * (`10.0.0.0/8`); each but the last with a port where it is only for that port.
 */
function isExempt(target: URL, list: string): boolean {
  const hostname = hostnameOf(target)
  const port = target.port || (target.protocol === 'https:' ? '443' : '80')
  return list
    .split(/[\s,]+/)
    .filter(entry => entry !== '')
    .some(entry => entry === '*' || isInRange(hostname, entry) || isNamed(hostname, port, entry.toLowerCase()))
}

function isNamed(hostname: string, port: string, entry: string): boolean {
  const withPort = /^\[([^\]]+)\](?::(\d+))?$/.exec(entry) ?? /^([^:]+):(\d+)$/.exec(entry)
  const [, name = entry, onlyPort] = withPort ?? []
  if (onlyPort !== undefined && onlyPort !== port) return false
  if (name.startsWith('.')) return hostname.endsWith(name)
  return hostname === name || (isIP(hostname) === 0 && hostname.endsWith(`.${name}`))
}

function isInRange(hostname: string, entry: string): boolean {
  const [address = '', bits = ''] = entry.split('/')
  const [family, hostFamily] = [isIP(address), isIP(hostname)]
  if (family === 0 || family !== hostFamily || !/^\d{1,3}$/.test(bits)) return false
  if (Number(bits) > (family === 4 ? 32 : 128)) return false
  const range = new BlockList()
  const type = family === 4 ? 'ipv4' : 'ipv6'
  range.addSubnet(address, Number(bits), type)
  return range.check(hostname, type)
}
