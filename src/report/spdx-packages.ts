import {splitDigest} from '../model/digest.js'
import {groupBy} from '../model/group.js'
import type {InstalledPackage} from '../model/package.js'
import type {Finding, Report} from '../model/report.js'
import {imagePurl, packageFinder, vendorOf, webAddress} from './inventory.js'
import {advisoryURL} from './problems.js'
import {Items} from './safe-json.js'
import type {ExtractedLicences} from './spdx-licences.js'
import {UniqueNames} from './unique.js'

export interface DescribedPackages {
  /** The target first. */
  readonly list: Items<() => unknown>
  /** The `SPDXID` of each but the target, in the same order. */
  readonly ids: readonly string[]
  readonly idOf: (one: InstalledPackage) => string
}

export const rootID = 'SPDXRef-Target'

/** What SPDX 2.3, 7 asks for, and piton does not know. Concluded licence and copyright: left out says the same. */
const unknown = {downloadLocation: 'NOASSERTION', filesAnalyzed: false}

/** The target, its release, and every package in the order of the database. */
export function packagesOf(report: Report, licences: ExtractedLicences): DescribedPackages {
  const names = new UniqueNames()
  names.take(rootID)
  const release = releasePackage(report, names)
  const ids = new Map(report.packages.map(one => [one, names.take(identifierOf(`Package-${one.name}-${one.version}`))]))
  const idOf = (one: InstalledPackage) => ids.get(one) ?? rootID
  const supplier = supplierOf(report)
  const advisories = advisoriesOf(report)
  // The list of their texts is read before the last package is made.
  for (const one of report.packages) licences.expressionOf(one.license)
  const packages = report.packages.map(one => () => ({
    name: nameOf(one.name),
    SPDXID: idOf(one),
    versionInfo: one.version,
    supplier,
    ...homepageOf(one.url),
    sourceInfo: `built from the package '${one.origin}'${one.commit && `, commit ${one.commit},`} of the distribution`,
    ...unknown,
    licenseDeclared: licences.expressionOf(one.license),
    ...(one.description !== '' && {description: one.description}),
    externalRefs: [purlReference(one.purl), ...(advisories.get(one) ?? [])],
  }))
  return {
    list: new Items<() => unknown>([() => rootPackage(report), ...release.map(one => () => one), ...packages], make =>
      make(),
    ),
    ids: [...release.map(({SPDXID}) => SPDXID), ...report.packages.map(idOf)],
    idOf,
  }
}

const rootPurposes = {image: 'CONTAINER', rootfs: 'OPERATING_SYSTEM', elf: 'FILE', apk: 'INSTALL'} as const

function rootPackage(report: Report) {
  const {target} = report
  const purl = imagePurl(report)
  const version = target.manifestDigest ?? target.imageID
  return {
    name: nameOf(target.name ?? target.reference),
    SPDXID: rootID,
    ...(version !== null && {versionInfo: version}),
    ...(target.manifestDigest !== null && {checksums: [checksumOf(target.manifestDigest)]}),
    ...unknown,
    primaryPackagePurpose: rootPurposes[target.kind],
    ...(purl !== null && {externalRefs: [purlReference(purl)]}),
  }
}

function releasePackage(report: Report, names: UniqueNames) {
  const {release} = report
  if (release === null || release.id === '') return []
  return [
    {
      name: nameOf(release.id),
      SPDXID: names.take(identifierOf(`OperatingSystem-${release.id}-${release.version}`)),
      versionInfo: release.version,
      supplier: supplierOf(report),
      ...unknown,
      primaryPackagePurpose: 'OPERATING_SYSTEM',
    },
  ]
}

/** SPDX 2.3, 7.2: a package has a name. */
function nameOf(text: string): string {
  return text === '' ? 'unnamed' : text
}

/** SPDX 2.3, 7.5: `Organization: ` and a name of one line. */
function supplierOf(report: Report): string {
  const vendor = vendorOf(report)
  return vendor === null || /[\p{Cc}()]/u.test(vendor) ? 'NOASSERTION' : `Organization: ${vendor}`
}

function homepageOf(url: string) {
  const homepage = webAddress(url)
  return homepage === null ? {} : {homepage}
}

/** SPDX 2.3, 3.2: letters, digits, dots and dashes. */
function identifierOf(text: string): string {
  return `SPDXRef-${text.replace(/[^A-Za-z0-9.]+/g, '-').slice(0, 200)}`
}

function purlReference(purl: string) {
  return {referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator: purl}
}

/** Links to the vulnerabilities that each package has, SPDX 2.3, annex F.2.3. */
function advisoriesOf({findings, packages}: Report) {
  const named = packageFinder(packages)
  const pairs = findings.flatMap(finding => named(finding).map(one => ({one, reference: advisoryReference(finding)})))
  const known = [...groupBy(pairs, ({one}) => one)]
  return new Map(known.map(([one, found]) => [one, found.flatMap(({reference}) => reference ?? [])]))
}

function advisoryReference(finding: Finding) {
  const url = advisoryURL(finding)
  if (url === null) return null
  const {rule, severity, fixedVersion} = finding
  return {
    referenceCategory: 'SECURITY',
    referenceType: 'advisory',
    referenceLocator: url,
    comment: `${rule}, ${severity}; fixed in ${fixedVersion ?? 'no version that is known'}`,
  }
}

function checksumOf(digest: NonNullable<Report['target']['manifestDigest']>) {
  const {algorithm, hex} = splitDigest(digest)
  return {algorithm: algorithm.toUpperCase(), checksumValue: hex}
}
