import {isValidVersion, satisfies} from '../apk/version.js'

/** A version that a package is held at: `php82~8.2`, `nginx<1.27`, `gosu=1.17-r2@edge`. */
export interface Pin {
  readonly name: string
  /** Made of `<`, `=`, `>` and `~`. */
  readonly operator: string
  readonly version: string
  /** The repository after `@`; null without one. */
  readonly tag: string | null
}

/** Reads a word of `apk add`, or an entry of the world file; null where it names no version. */
export function pinOf(word: string): Pin | null {
  const [, name, operator, version, tag] = /^([^\s<>=~@!]+)([<>=~]+)([^\s<>=~@]+)(?:@(\S+))?$/.exec(word) ?? []
  if (name === undefined || operator === undefined || version === undefined) return null
  return {name, operator, version, tag: tag ?? null}
}

/** May a package have this version? An identity (`><Q1…`) is no version, and allows none other. */
export function allows({operator, version}: Pin, installed: string): boolean {
  return operator !== '><' && satisfies(installed, operator, version)
}

/**
 * The pin that says of `newest` what this one says of an older version, as precise as it: `~8.2` becomes `~8.3`, `=1-r0`
 * `=2-r0`, and `<1.27`, which ends before a version, ends before the one after `newest`.
 * @returns null for one that no newer version meets
 */
export function raisedTo(newest: string, {operator, version}: Pin): string | null {
  if (!isValidVersion(newest)) return null
  const candidates = operator.includes('~')
    ? [...(/-r\d+$/.test(version) ? [] : [shortened(newest, version), withoutBuild(newest)]), newest]
    : operator.includes('=')
      ? [newest]
      : [following(newest, version)]
  return candidates.find(candidate => candidate !== null && satisfies(newest, operator, candidate)) ?? null
}

const numbers = /^\d+(?:\.\d+)*/

/** As many numbers of `version` as `like` has, where that has nothing but numbers. */
function shortened(version: string, like: string): string | null {
  const [own, other] = [numbers.exec(version)?.[0], numbers.exec(like)?.[0]]
  if (own === undefined || other !== like) return null
  return own.split('.').slice(0, like.split('.').length).join('.')
}

/** Without `-r3`. */
function withoutBuild(version: string): string {
  return version.replace(/-r\d+$/, '')
}

/** The next version as precise as `like`: 1.28 after 1.27.4-r0 for 1.26, 1.27.4-r1 for 1.26.0-r2. */
function following(version: string, like: string): string | null {
  const build = /^(.*-r)(\d+)$/.exec(version)
  if (/-r\d+$/.test(like) && build !== null) return `${build[1]}${Number(build[2]) + 1}`
  const own = numbers.exec(version)?.[0].split('.')
  const length = numbers.exec(like)?.[0].split('.').length
  if (own === undefined || length === undefined) return null
  const parts = Array.from({length}, (_, index) => own[index] ?? '0')
  const last = Number(parts.pop())
  return Number.isSafeInteger(last) ? [...parts, last + 1].join('.') : null
}
