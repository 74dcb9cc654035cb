import {BlockList, isIP} from 'node:net'

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

/** Host name or address of a URL, without the brackets of IPv6. */
export function hostnameOf(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, '$1')
}

/** Does this name this machine itself? By name only what every resolver must keep there (RFC 6761, 6.3). */
export function isLoopback(hostname: string): boolean {
  const family = isIP(hostname)
  if (family === 0) return hostname === 'localhost' || hostname.endsWith('.localhost')
  return loopback.check(hostname, family === 4 ? 'ipv4' : 'ipv6')
}

/** Would a connection to this reach this machine itself? So it does for "this host" too (RFC 1122, 3.2.1.3). */
export function leadsHome(hostname: string): boolean {
  return isLoopback(hostname) || hostname === '0.0.0.0' || hostname === '::'
}

/** Is `url` at one of these hosts? `host` means every port of it, `host:port` that one. */
export function isAmongHosts(url: URL, hosts: readonly string[]): boolean {
  const withPort = url.port === '' ? `${url.hostname}:${url.protocol === 'http:' ? 80 : 443}` : url.host
  return hosts.some(host => [url.hostname, url.host, withPort].includes(host.toLowerCase()))
}

/** An address as it may be printed: without its query, which may be signed, and without user and password. */
export function spoken(url: URL): string {
  return `${url.origin}${url.pathname}`
}
