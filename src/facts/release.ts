import {branchOf} from '../advisory/branch.js'
import type {Release} from '../model/facts.js'

/** A release file, where it was found. */
interface ReleaseFile {
  readonly path: string
  readonly text: string
}

/** What the release files hold; null where one is not there. */
export interface ReleaseFiles {
  readonly osRelease: ReleaseFile | null
  readonly alpineRelease: ReleaseFile | null
  readonly debianVersion?: ReleaseFile | null
}

/**
 * Which system it is. os-release speaks first; alpine-release alone is enough for Alpine, debian_version for Debian
 * before 7 and for images that lost their os-release.
 * @see os-release(5)
 */
export function readRelease({
  osRelease,
  alpineRelease,
  debianVersion = null,
}: ReleaseFiles): Omit<Release, 'layer'> | null {
  const version = alpineRelease === null ? null : firstLine(alpineRelease.text)
  const fields = osRelease === null ? new Map<string, string>() : parseOsRelease(osRelease.text)
  const id = fields.get('ID') ?? ''
  if (osRelease !== null && id !== '') {
    const stated = fields.get('VERSION_ID') ?? ''
    return {
      id,
      version: stated !== '' || id !== 'alpine' ? stated : (version ?? ''),
      branch: id === 'alpine' ? branchOf(stated, version) : null,
      prettyName: fields.get('PRETTY_NAME') ?? fields.get('NAME') ?? id,
      path: osRelease.path,
    }
  }
  if (alpineRelease === null || version === null || version === '') return debianRelease(debianVersion)
  return {
    id: 'alpine',
    version,
    branch: branchOf('', version),
    prettyName: `Alpine Linux ${version}`,
    path: alpineRelease.path,
  }
}

function debianRelease(file: ReleaseFile | null): Omit<Release, 'layer'> | null {
  const version = file === null ? '' : firstLine(file.text)
  if (file === null || version === '') return null
  return {id: 'debian', version, branch: null, prettyName: `Debian ${version}`, path: file.path}
}

/** `KEY=value` lines in shell quoting; later ones win. */
export function parseOsRelease(text: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>()
  for (const line of text.split(/\r?\n/)) {
    const [, key, value] = /^\s*([A-Za-z_][A-Za-z0-9_]*)=(.*)$/.exec(line) ?? []
    if (key !== undefined && value !== undefined) fields.set(key, unquote(value.trim()))
  }
  return fields
}

function unquote(value: string): string {
  const quote = value[0]
  if (quote === "'" && value.endsWith("'") && value.length > 1) return value.slice(1, -1)
  const inner = quote === '"' && value.endsWith('"') && value.length > 1 ? value.slice(1, -1) : value
  return inner.replace(/\\(.)/g, '$1')
}

function firstLine(text: string): string {
  return (text.split('\n', 1)[0] ?? '').trim().slice(0, 100)
}
