import {type Digest, splitDigest} from '../model/digest.js'
import type {InstalledPackage} from '../model/package.js'
import type {Report} from '../model/report.js'
import {shorten} from '../model/text.js'
import {imagePurl, vendorOf, webAddress} from './inventory.js'
import type {Licence, ReadLicence} from './licence.js'
import {Items} from './safe-json.js'
import {UniqueNames} from './unique.js'

/** What piton adds in words of its own: https://cyclonedx.org/docs/1.6/json/#components_items_properties. */
type Property = readonly [name: string, value: string | number | null]

export interface NamedComponents {
  readonly list: Items<() => unknown>
  /** Their `bom-ref`s, in the same order. */
  readonly refs: readonly string[]
  readonly refOf: (one: InstalledPackage) => string
}

export const rootRef = 'target'

const rootTypes = {image: 'container', rootfs: 'operating-system', elf: 'file', apk: 'library'} as const

/** What was scanned. */
export function rootComponent(report: Report) {
  const {target} = report
  const purl = imagePurl(report)
  const version = target.manifestDigest ?? target.imageID
  return {
    type: rootTypes[target.kind],
    'bom-ref': rootRef,
    name: target.name ?? target.reference,
    ...(version !== null && {version}),
    ...(target.manifestDigest !== null && {hashes: [hashOf(target.manifestDigest)]}),
    ...(purl !== null && {purl}),
    properties: propertiesOf([
      ['reference', target.reference],
      ['platform', target.platform],
      ['image:id', target.imageID],
      ...target.layers.map(({diffID}, index): Property => [`layer:${index}:diffID`, diffID]),
    ]),
  }
}

/** The release, then every package in the order of the database. */
export function componentsOf(report: Report, readLicence: ReadLicence): NamedComponents {
  const names = new UniqueNames()
  names.take(rootRef)
  const release = releaseComponent(report, names)
  const refs = new Map(report.packages.map(one => [one, names.take(one.purl)]))
  const refOf = (one: InstalledPackage) => refs.get(one) ?? one.purl
  const supplier = vendorOf(report)
  const packages = report.packages.map(one => () => packageComponent(one, refOf(one), supplier, readLicence))
  return {
    list: new Items<() => unknown>([...release.map(one => () => one), ...packages], make => make()),
    refs: [...release.map(one => one['bom-ref']), ...report.packages.map(refOf)],
    refOf,
  }
}

function releaseComponent({release}: Report, names: UniqueNames) {
  if (release === null || release.id === '') return []
  const {id, version, prettyName} = release
  return [
    {
      type: 'operating-system',
      'bom-ref': names.take(`os:${id}@${version}`),
      name: id,
      ...(version !== '' && {version: versionText(version)}),
      ...(prettyName !== '' && {description: prettyName}),
    },
  ]
}

/**
 * `C:` is no hash of the component, and so is a property: it is that of the package file's control section, which nobody
 * has apart from the rest.
 */
function packageComponent(one: InstalledPackage, ref: string, supplier: string | null, readLicence: ReadLicence) {
  const website = webAddress(one.url)
  return {
    type: 'library',
    'bom-ref': ref,
    ...(supplier !== null && {supplier: {name: supplier}}),
    ...(one.maintainer !== '' && {publisher: one.maintainer}),
    name: one.name,
    version: versionText(one.version),
    ...(one.description !== '' && {description: one.description}),
    ...licencesOf(readLicence(one.license)),
    purl: one.purl,
    ...(website !== null && {externalReferences: [{type: 'website', url: website}]}),
    properties: propertiesOf([
      ['apk:origin', one.origin],
      ['apk:commit', one.commit || null],
      ['apk:checksum', one.checksum || null],
      ['apk:installed-bytes', one.installedBytes],
      ['layer', one.layer],
    ]),
  }
}

function licencesOf(licence: Licence) {
  const acknowledgement = 'declared'
  switch (licence.kind) {
    case 'none':
      return {}
    case 'id':
      return {licenses: [{license: {id: licence.id, acknowledgement}}]}
    case 'expression':
      return {licenses: [{expression: licence.expression, acknowledgement}]}
    case 'text':
      return {licenses: [{license: {name: licence.text, acknowledgement}}]}
  }
}

/** A version has at most so many characters; no real one has a tenth. */
export function versionText(version: string): string {
  return shorten(version, 1024)
}

/** What has a value, under piton's own prefix. */
export function propertiesOf(properties: readonly Property[]) {
  return properties.flatMap(([name, value]) => (value === null ? [] : [{name: `piton:${name}`, value: String(value)}]))
}

function hashOf(digest: Digest) {
  const {algorithm, hex} = splitDigest(digest)
  return {alg: algorithm === 'sha512' ? 'SHA-512' : 'SHA-256', content: hex}
}
