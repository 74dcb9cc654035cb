import {createHash} from 'node:crypto'
import {imageRepository} from '../model/image-name.js'
import type {InstalledPackage} from '../model/package.js'
import {formatPurl} from '../model/purl.js'
import type {Finding, Report} from '../model/report.js'

/** The package URL of an image whose manifest is known: `pkg:oci/app@sha256%3A…?arch=amd64&tag=1.2`; null without. */
export function imagePurl({target}: Report): string | null {
  const repository = imageRepository(target.name)
  if (target.manifestDigest === null || repository === '') return null
  const [, architecture = ''] = (target.platform ?? '').split('/')
  const tag = target.name?.slice(repository.length).split('@', 1)[0]?.slice(1) ?? ''
  return formatPurl({
    type: 'oci',
    name: repository.slice(repository.lastIndexOf('/') + 1).toLowerCase(),
    version: target.manifestDigest,
    qualifiers: {arch: architecture, repository_url: repository.includes('/') ? repository : '', tag},
  })
}

/** Who ships the packages, for people: `Alpine Linux`; null where nothing told. */
export function vendorOf({release}: Report): string | null {
  if (release === null) return null
  return release.id === 'alpine' ? 'Alpine Linux' : release.prettyName || release.id || null
}

/** The address of a project, where it is one that a browser would open; null for everything else that may stand there. */
export function webAddress(url: string): string | null {
  const parsed = URL.canParse(url) ? new URL(url) : null
  // The parser leaves some characters that no URI may have (RFC 3986, 2).
  return parsed !== null && /^https?:$/.test(parsed.protocol) && /^[!#-;=?-[\]_a-z~]+$/.test(parsed.href)
    ? parsed.href.replace(/[[\]]/g, encodeURIComponent)
    : null
}

/** Finds the installed packages that a finding names. */
export function packageFinder(
  packages: readonly InstalledPackage[],
): (finding: Finding) => readonly InstalledPackage[] {
  const key = ({name, version}: {readonly name: string; readonly version: string}) => JSON.stringify([name, version])
  const known = new Map(packages.map(one => [key(one), one]))
  return finding => [...new Set(finding.packages.flatMap(one => known.get(key(one)) ?? []))]
}

/** A short name for any text that stays the same: for ids that may hold letters and digits only. */
export function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12)
}
