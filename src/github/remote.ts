/** A repository on a server. */
export interface Remote {
  /** Lower case, with the port of HTTPS where it is not 443. */
  readonly host: string
  readonly owner: string
  readonly name: string
}

/** What GitHub allows in names, users of enterprises included. */
const names = '([A-Za-z0-9][A-Za-z0-9_-]{0,99})/([A-Za-z0-9._-]{1,100})'

/** @returns null for what is not `owner/name` */
export function parseRepository(text: string): {readonly owner: string; readonly name: string} | null {
  const [, owner, name] = new RegExp(`^${names}$`).exec(text) ?? []
  if (owner === undefined || name === undefined || name === '.' || name === '..') return null
  return {owner, name}
}

/**
 * The repository behind the address of a git remote: `https://host/owner/name.git`, `ssh://git@host/owner/name`,
 * `git@host:owner/name.git`. User and password in it are dropped.
 * @returns null for an address of another kind
 */
export function parseRemote(address: string): Remote | null {
  const short = /^(?:[\w.-]+@)?([\w.-]+):(?!\/)(.+)$/.exec(address)
  const [host, path] = short ? [short[1] ?? '', short[2] ?? ''] : partsOf(address)
  const repository = parseRepository(path.replace(/^\/+|\/+$/g, '').replace(/\.git$/, ''))
  if (repository === null || host === '') return null
  // GitHub also listens for ssh on the port of HTTPS, under a name of its own.
  return {host: host.toLowerCase().replace(/^ssh\.(?=github\.com$)/, ''), ...repository}
}

function partsOf(address: string): [host: string, path: string] {
  if (!URL.canParse(address)) return ['', '']
  const {protocol, host, hostname, pathname} = new URL(address)
  if (protocol === 'https:') return [host, pathname]
  return ['ssh:', 'git:', 'git+ssh:', 'http:'].includes(protocol) ? [hostname, pathname] : ['', '']
}
