import type {ApkPackage} from '../model/package.js'
import {formatPurl} from '../model/purl.js'

/** The operating system that a package belongs to, as os-release names it. */
export interface Distribution {
  /** `alpine`, `wolfi`; '' where it is not known. */
  readonly distro: string
  /** `3.19.0`; '' where it is not known. */
  readonly version: string
}

/**
 * The package URL: `pkg:apk/alpine/libssl3@3.1.4-r2?arch=x86_64&distro=alpine-3.19.0&upstream=openssl`.
 * @see purl-spec, "apk" type: namespace and name in lower case
 */
export function purlOf(
  pkg: Pick<ApkPackage, 'name' | 'version' | 'architecture' | 'origin'>,
  {distro, version}: Distribution,
): string {
  return formatPurl({
    type: 'apk',
    namespace: [distro === '' ? 'alpine' : distro.toLowerCase()],
    name: pkg.name.toLowerCase(),
    version: pkg.version,
    qualifiers: {
      arch: pkg.architecture,
      distro: distro === '' || version === '' ? distro : `${distro}-${version}`,
      upstream: pkg.origin === pkg.name ? '' : pkg.origin,
    },
  })
}
