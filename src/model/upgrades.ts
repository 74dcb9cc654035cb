import type {InstalledPackage} from './package.js'

/** What becomes of the vulnerabilities of an image when its packages change: the advisories are asked once more. */
export interface Upgrades {
  /** The version that apk would install now, as far as is known; the installed one where nothing newer is. */
  newest(one: InstalledPackage): string
  /** YYYY-MM-DD of the package index that tells it; null where only the advisories do, which name the first fix. */
  readonly indexDate: string | null
  /** Vulnerabilities of the image that stay with these packages, each by {@link vulnerabilityKey}. */
  stillOpen(packages: readonly InstalledPackage[]): ReadonlySet<string>
}

export function vulnerabilityKey(id: string, origin: string): string {
  return `${id}\0${origin}`
}
