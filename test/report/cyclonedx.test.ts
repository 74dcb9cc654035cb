import {Spec, Validation} from '@cyclonedx/cyclonedx-library'
import {PackageURL} from 'packageurl-js'
import {expect, test} from 'vitest'
import type {Digest} from '../../src/model/digest.js'
import type {Report} from '../../src/model/report.js'
import {cyclonedx} from '../../src/report/cyclonedx.js'
import {matchOf, packageOf, ratingOf} from '../support/facts.js'
import {reportOf, targetOf} from '../support/report.js'
import {reports} from '../support/reports.js'

const options = {color: true, width: 80}
const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6)

interface Named {
  readonly 'bom-ref': string
  readonly name: string
}

async function bomOf(report: Report) {
  return JSON.parse(await cyclonedx.render(report, options))
}

for (const [name, report] of reports) {
  test(`cyclonedx keeps the official schema: ${name}`, async () => {
    expect(await validator.validate(await cyclonedx.render(report, options))).toBeNull()
  })

  test(`cyclonedx names each thing once, and refers only to what it names: ${name}`, async () => {
    const {metadata, components, dependencies, vulnerabilities} = await bomOf(report)
    const refs: string[] = [metadata.component, ...components, ...vulnerabilities].map((one: Named) => one['bom-ref'])
    expect(new Set(refs).size).toBe(refs.length)
    const named = new Set(refs)
    for (const {ref, dependsOn} of dependencies) expect([ref, ...dependsOn].filter(one => !named.has(one))).toEqual([])
    for (const {affects} of vulnerabilities) {
      expect(affects.filter(({ref}: {readonly ref: string}) => !named.has(ref))).toEqual([])
    }
  })
}

const libssl = packageOf({
  name: 'libssl3',
  version: '3.1.4-r2',
  origin: 'openssl',
  description: 'SSL shared libraries',
  url: 'https://www.openssl.org/',
  license: 'Apache-2.0',
  maintainer: 'Ariadne Conill <ariadne@dereferenced.org>',
  commit: 'c'.repeat(40),
  checksum: 'Q1abc=',
  depends: ['so:libc.musl-x86_64.so.1', 'libcrypto3=3.1.4-r2', '!libressl', 'gone', 'so:libssl.so.3'],
  provides: ['so:libssl.so.3=3'],
  purl: 'pkg:apk/alpine/libssl3@3.1.4-r2?arch=x86_64&distro=alpine-3.19.0&upstream=openssl',
})
const libcrypto = packageOf({name: 'libcrypto3', origin: 'openssl', depends: ['so:libc.musl-x86_64.so.1']})
const musl = packageOf({name: 'musl', version: '1.2.4-r2', provides: ['so:libc.musl-x86_64.so.1=1']})

test('cyclonedx describes a package', async () => {
  const {components} = await bomOf(reportOf({packages: [libssl]}))
  expect(components[1]).toEqual({
    type: 'library',
    'bom-ref': libssl.purl,
    supplier: {name: 'Alpine Linux'},
    publisher: 'Ariadne Conill <ariadne@dereferenced.org>',
    name: 'libssl3',
    version: '3.1.4-r2',
    description: 'SSL shared libraries',
    licenses: [{license: {id: 'Apache-2.0', acknowledgement: 'declared'}}],
    purl: libssl.purl,
    externalReferences: [{type: 'website', url: 'https://www.openssl.org/'}],
    properties: [
      {name: 'piton:apk:origin', value: 'openssl'},
      {name: 'piton:apk:commit', value: 'c'.repeat(40)},
      {name: 'piton:apk:checksum', value: 'Q1abc='},
      {name: 'piton:layer', value: '0'},
    ],
  })
})

test('cyclonedx tells what needs what: by name, by what is provided; not conflicts, not itself', async () => {
  const {dependencies, components} = await bomOf(reportOf({packages: [libssl, libcrypto, musl]}))
  expect(dependencies).toEqual([
    {ref: 'target', dependsOn: components.map((one: Named) => one['bom-ref'])},
    {ref: libssl.purl, dependsOn: [musl.purl, libcrypto.purl]},
    {ref: libcrypto.purl, dependsOn: [musl.purl]},
    {ref: musl.purl, dependsOn: []},
  ])
})

test('cyclonedx gives a vulnerability its ratings, its packages and what to do', async () => {
  const rating = ratingOf(9.8, {kev: true, epss: {score: 0.123, percentile: 0.95, date: '2024-10-15'}})
  const matches = [matchOf({packages: [libssl], fix: {aliases: ['GHSA-aaaa-bbbb-cccc']}, rating})]
  const {vulnerabilities} = await bomOf(reportOf({packages: [libssl], matches}))
  expect(vulnerabilities).toEqual([
    {
      'bom-ref': expect.stringMatching(/^CVE-2023-5678:openssl:[0-9a-f]{16}:1$/),
      id: 'CVE-2023-5678',
      source: {name: 'Alpine secdb', url: 'https://secdb.alpinelinux.org'},
      references: [{id: 'GHSA-aaaa-bbbb-cccc', source: {name: 'GitHub Advisory Database'}}],
      ratings: [
        {
          source: {name: 'nvd'},
          score: 9.8,
          severity: 'critical',
          method: 'CVSSv31',
          vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
        },
      ],
      description: expect.stringContaining("'libssl3'"),
      detail: 'v3.19/main: openssl 3.1.4-r2 < 3.1.4-r3',
      recommendation: "Upgrade 'libssl3' to '3.1.4-r3' or later. apk add --upgrade libssl3",
      advisories: [{url: 'https://security.alpinelinux.org/vuln/CVE-2023-5678'}],
      affects: [
        {
          ref: libssl.purl,
          versions: [
            {version: '3.1.4-r2', status: 'affected'},
            {version: '3.1.4-r3', status: 'unaffected'},
          ],
        },
      ],
      properties: expect.arrayContaining([
        {name: 'piton:known-exploited', value: 'true'},
        {name: 'piton:epss:score', value: '0.123'},
      ]),
    },
  ])
})

test('cyclonedx says that nobody scored a vulnerability', async () => {
  const {vulnerabilities} = await bomOf(reportOf({matches: [matchOf({rating: ratingOf(null)})]}))
  expect(vulnerabilities[0].ratings).toEqual([{severity: 'unknown'}])
})

const manifestDigest = `sha256:${'a'.repeat(64)}` as Digest
const images: [name: string, purl: string][] = [
  ['app:1.2', `pkg:oci/app@${manifestDigest}?arch=amd64&tag=1.2`],
  [
    'registry.example:5000/Team/App:1.2',
    `pkg:oci/app@${manifestDigest}?arch=amd64&repository_url=registry.example:5000%2FTeam%2FApp&tag=1.2`,
  ],
  [`app@${manifestDigest}`, `pkg:oci/app@${manifestDigest}?arch=amd64`],
]
for (const [name, purl] of images) {
  test(`cyclonedx gives the image ${name} a purl`, async () => {
    const {metadata} = await bomOf(reportOf({}, {target: targetOf({name, manifestDigest})}))
    expect(metadata.component).toMatchObject({type: 'container', name, version: manifestDigest, purl})
    expect(PackageURL.fromString(purl)).toMatchObject({type: 'oci', name: 'app', version: manifestDigest})
  })
}

test('cyclonedx of an incomplete scan says so', async () => {
  const warnings = [{code: 'ELF_TRUNCATED', message: 'cut short', path: 'usr/lib/x.so', hides: true}]
  const {compositions, metadata} = await bomOf(reportOf({}, {complete: false, warnings}))
  expect(compositions).toEqual([{aggregate: 'incomplete', assemblies: ['target']}])
  expect(metadata.properties).toContainEqual({name: 'piton:warning', value: 'ELF_TRUNCATED: usr/lib/x.so: cut short'})
})

test('cyclonedx has a serial number that changes with what it says, and with nothing else', async () => {
  const [one, same, other] = await Promise.all([{}, {}, {packages: [libssl]}].map(facts => bomOf(reportOf(facts))))
  expect(one.serialNumber).toMatch(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(same.serialNumber).toBe(one.serialNumber)
  expect(other.serialNumber).not.toBe(one.serialNumber)
})
