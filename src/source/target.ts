import {existsSync} from 'node:fs'
import {UsageError} from '../model/errors.js'

/** The target that stands for standard input. A file of that name is `./-`. */
export const inputTarget = '-'

export const schemes = [
  'docker-archive',
  'oci',
  'oci-archive',
  'dir',
  'rootfs',
  'registry',
  'docker',
  'podman',
  'apk',
  'elf',
] as const
export type Scheme = (typeof schemes)[number]

/** What the person typed, taken apart: `oci-archive:app.tar:1.2`. */
export interface Target {
  readonly scheme: Scheme | null
  /** Path, or an image reference. */
  readonly value: string
  /** Which image of several: a tag or name, or `sha256:…`. */
  readonly select: string | null
}

/**
 * @param text `[SCHEME:]VALUE`; after a scheme whose value is a path, `:TAG` or `@DIGEST` may follow. A path that has
 *   colons itself wins over a tag, where it exists.
 * @throws {UsageError} USAGE_TARGET when there is nothing to open
 */
export function parseTarget(text: string): Target {
  const scheme = schemes.find(name => text.startsWith(`${name}:`)) ?? null
  const value = scheme === null ? text : text.slice(scheme.length + 1)
  if (value === '') {
    throw new UsageError('USAGE_TARGET', `no target in ${JSON.stringify(text)}`, {
      hint: 'Name a folder, a saved image or a root file system: piton scan app.tar',
    })
  }
  const selectable = scheme === 'docker-archive' || scheme === 'oci' || scheme === 'oci-archive'
  return selectable ? {scheme, ...splitSelect(value)} : {scheme, value, select: null}
}

/** The longest existing path wins; what follows it selects. */
function splitSelect(value: string): {readonly value: string; readonly select: string | null} {
  if (/^-[:@]./.test(value)) return {value: inputTarget, select: value.slice(2)}
  if (existsSync(value) || value === inputTarget) return {value, select: null}
  for (let at = value.length - 1; at > 0; at--) {
    if ((value[at] === ':' || value[at] === '@') && existsSync(value.slice(0, at))) {
      return {value: value.slice(0, at), select: value.slice(at + 1)}
    }
  }
  return {value, select: null}
}
