import type {ApkPackage} from '../model/package.js'

/** The operating system that a package belongs to, as os-release names it. */
export interface Distribution {
  /** `alpine`, `wolfi`; '' where it is not known. */
  readonly distro: string
  /** `3.19.0`; '' where it is not known. */
  readonly version: string
}

/**
 * The package URL: `pkg:apk/alpine/libssl3@3.1.4-r2?arch=x86_64&distro=alpine-3.19.0&upstream=openssl`.
 * @see purl-spec, "apk" type: namespace and name in lower case, qualifiers in order of their keys
 */
export function purlOf(
  pkg: Pick<ApkPackage, 'name' | 'version' | 'architecture' | 'origin'>,
  {distro, version}: Distribution,
): string {
  const vendor = distro === '' ? 'alpine' : distro.toLowerCase()
  const qualifiers = [
    ['arch', pkg.architecture],
    ['distro', distro === '' || version === '' ? distro : `${distro}-${version}`],
    ['upstream', pkg.origin === pkg.name ? '' : pkg.origin],
  ]
    .filter(([, value]) => value !== '')
    .map(([key, value]) => `${key}=${encode(value ?? '')}`)
  const name = `pkg:apk/${encode(vendor)}/${encode(pkg.name.toLowerCase())}`
  return `${name}${pkg.version && `@${encode(pkg.version)}`}${qualifiers.length > 0 ? `?${qualifiers.join('&')}` : ''}`
}

/** Percent-encodes all but letters, digits and `.-_~:`, as the specification asks. Half a surrogate pair has no bytes. */
function encode(text: string): string {
  return encodeURIComponent(text.replace(/\p{Cs}/gu, '\ufffd'))
    .replace(/[!'()*]/g, character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%3A', ':')
}
