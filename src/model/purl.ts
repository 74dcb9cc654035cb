/** What a package URL is made of. Text is raw; what is '' is left out. */
export interface PurlParts {
  readonly type: string
  /** Parts of a path: `alpine`. */
  readonly namespace?: readonly string[]
  readonly name: string
  readonly version: string
  readonly qualifiers: Readonly<Record<string, string>>
}

/**
 * The package URL of these parts: `pkg:apk/alpine/libssl3@3.1.4-r2?arch=x86_64`.
 * @see purl-spec, "Rules for each purl component": qualifiers stand in the order of their keys
 */
export function formatPurl({type, namespace = [], name, version, qualifiers}: PurlParts): string {
  const path = ['pkg:', type, ...[...namespace, name].map(part => `/${encode(part)}`)].join('')
  const query = Object.entries(qualifiers)
    .filter(([, value]) => value !== '')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${encode(value)}`)
    .join('&')
  return `${path}${version && `@${encode(version)}`}${query && `?${query}`}`
}

/** Of most: a VEX document may have a million. */
const unqualified: Readonly<Record<string, string>> = Object.freeze(Object.create(null))

/**
 * The parts of a package URL, with type and keys in lower case; null for what is none. A subpath is passed over.
 * @see purl-spec, "How to parse a purl string in its components"
 */
export function parsePurl(text: string): Required<PurlParts> | null {
  const [, rest = ''] = /^pkg:\/*([^#]*)/i.exec(text.trim()) ?? []
  const question = rest.indexOf('?')
  const [head, query] = question < 0 ? [rest, ''] : [rest.slice(0, question), rest.slice(question + 1)]
  // An @ before the last slash is a part of the namespace: `pkg:npm/@scope/name`.
  const at = head.lastIndexOf('@')
  const hasVersion = at > head.lastIndexOf('/')
  const [type = '', ...path] = (hasVersion ? head.slice(0, at) : head).split('/').filter(part => part !== '')
  const names = path.map(decode)
  const name = names.pop()
  const version = hasVersion ? decode(head.slice(at + 1)) : ''
  if (name === undefined || name === null || version === null || names.includes(null)) return null
  if (!/^[a-z][a-z0-9.+-]*$/i.test(type)) return null
  if (query === '')
    return {type: type.toLowerCase(), namespace: names as string[], name, version, qualifiers: unqualified}
  const qualifiers: Record<string, string> = Object.create(null)
  for (const pair of query.split('&')) {
    const equals = pair.indexOf('=')
    const value = equals > 0 ? decode(pair.slice(equals + 1)) : ''
    if (value === null) return null
    if (value !== '') qualifiers[pair.slice(0, equals).toLowerCase()] = value
  }
  return {type: type.toLowerCase(), namespace: names as string[], name, version, qualifiers}
}

/** null for a percent sign that encodes nothing. */
function decode(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}

/** Percent-encodes all but letters, digits and `.-_~:`, as the specification asks. Half a surrogate pair has no bytes. */
function encode(text: string): string {
  return encodeURIComponent(text.replace(/\p{Cs}/gu, '\ufffd'))
    .replace(/[!'()*]/g, character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%3A', ':')
}
