import {type Host, hosts} from './plugin-table.js'

/** What files of one process are hosts of. */
export interface Additions {
  readonly opens: readonly RegExp[]
  readonly reads: readonly RegExp[]
  readonly starts: readonly RegExp[]
}

/** What the table says of these files; each is asked for once, however many programs share it. */
export class PluginTable {
  readonly #known = new Map<string, Additions>()

  /** @param path without a leading slash */
  of(path: string): Additions {
    const known = this.#known.get(path)
    if (known !== undefined) return known
    const matched = hosts.flatMap(host => filled(host, path))
    const patternsOf = (kind: keyof Additions) =>
      matched.flatMap(host => host[kind] ?? []).map(text => new RegExp(text))
    const additions = {opens: patternsOf('opens'), reads: patternsOf('reads'), starts: patternsOf('starts')}
    this.#known.set(path, additions)
    return additions
  }
}

/** The row with its placeholders replaced; none where the file is no such host. */
function filled(host: Host, path: string): Host[] {
  const slash = path.lastIndexOf('/')
  const match = new RegExp(host.host).exec(path.slice(slash + 1))
  if (match === null) return []
  const folder = path.slice(0, Math.max(0, slash))
  const prefix = folder.slice(0, Math.max(0, folder.lastIndexOf('/')))
  // A prefix that is no program's own would make plugins of all libraries of the system.
  const own = prefix.includes('/') && !/^usr\/local$/.test(prefix) ? literal(prefix) : '(?!)'
  const groups = match.slice(1).filter(group => group !== undefined)
  const fill = (text: string) =>
    text
      .replace(/\{([12])\}/g, (_, nth: string) => literal(groups[Number(nth) - 1] ?? ''))
      .replaceAll('{folder}', () => literal(folder))
      .replaceAll('{prefix}', () => own)
  const {opens, reads, starts} = host
  return [
    {
      host: host.host,
      ...(opens !== undefined && {opens: fill(opens)}),
      ...(reads !== undefined && {reads: fill(reads)}),
      ...(starts !== undefined && {starts: fill(starts)}),
    },
  ]
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
}
