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

/** Percent-encodes all but letters, digits and `.-_~:`, as the specification asks. Half a surrogate pair has no bytes. */
function encode(text: string): string {
  return encodeURIComponent(text.replace(/\p{Cs}/gu, '\ufffd'))
    .replace(/[!'()*]/g, character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%3A', ':')
}
