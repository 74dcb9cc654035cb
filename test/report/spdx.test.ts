import {expect, test} from 'vitest'
import type {Digest} from '../../src/model/digest.js'
import type {Report} from '../../src/model/report.js'
import {spdx} from '../../src/report/spdx.js'
import {matchOf, packageOf} from '../support/facts.js'
import {reportOf, targetOf} from '../support/report.js'
import {reports} from '../support/reports.js'
import {spdxProblems} from '../support/spdx.js'

const options = {color: true, width: 80}

interface Relationship {
  readonly spdxElementId: string
  readonly relationshipType: string
  readonly relatedSpdxElement: string
}

async function documentOf(report: Report) {
  return JSON.parse(await spdx.render(report, options))
}

for (const [name, report] of reports) {
  test(`spdx keeps what the specification demands: ${name}`, async () => {
    expect(spdxProblems(await documentOf(report))).toEqual([])
  })

  test(`spdx names each thing once, and refers only to what it names: ${name}`, async () => {
    const {packages, relationships, hasExtractedLicensingInfos} = await documentOf(report)
    const ids: string[] = packages.map(({SPDXID}: {readonly SPDXID: string}) => SPDXID)
    expect(new Set(ids).size).toBe(ids.length)
    const named = new Set(['SPDXRef-DOCUMENT', ...ids])
    for (const {spdxElementId, relatedSpdxElement} of relationships) {
      expect([spdxElementId, relatedSpdxElement].filter(one => !named.has(one))).toEqual([])
    }
    const licences = new Set(hasExtractedLicensingInfos.map(({licenseId}: {readonly licenseId: string}) => licenseId))
    for (const {licenseDeclared} of packages) {
      if (licenseDeclared?.startsWith('LicenseRef-')) expect(licences).toContain(licenseDeclared)
    }
  })
}

const musl = packageOf({name: 'musl', version: '1.2.4-r2', provides: ['so:libc.musl-x86_64.so.1=1'], license: 'MIT'})
const libssl = packageOf({
  origin: 'openssl',
  description: 'SSL shared libraries',
  url: 'https://www.openssl.org/',
  license: 'GPL2 custom',
  commit: 'c'.repeat(40),
  depends: ['so:libc.musl-x86_64.so.1'],
})

test('spdx describes a package, its advisories and the licence that is no expression', async () => {
  const report = reportOf({packages: [musl, libssl], matches: [matchOf({packages: [libssl]})]})
  const {packages, hasExtractedLicensingInfos} = await documentOf(report)
  expect(packages[3]).toEqual({
    name: 'libssl3',
    SPDXID: 'SPDXRef-Package-libssl3-3.1.4-r2',
    versionInfo: '3.1.4-r2',
    supplier: 'Organization: Alpine Linux',
    homepage: 'https://www.openssl.org/',
    sourceInfo: `built from the package 'openssl', commit ${'c'.repeat(40)}, of the distribution`,
    downloadLocation: 'NOASSERTION',
    filesAnalyzed: false,
    licenseDeclared: hasExtractedLicensingInfos[0].licenseId,
    description: 'SSL shared libraries',
    externalRefs: [
      {referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator: libssl.purl},
      {
        referenceCategory: 'SECURITY',
        referenceType: 'advisory',
        referenceLocator: 'https://security.alpinelinux.org/vuln/CVE-2023-5678',
        comment: 'CVE-2023-5678, high; fixed in 3.1.4-r3',
      },
    ],
  })
  expect(hasExtractedLicensingInfos).toEqual([
    {licenseId: expect.stringMatching(/^LicenseRef-[0-9a-f]{12}$/), name: 'GPL2 custom', extractedText: 'GPL2 custom'},
  ])
})

test('spdx tells what the target holds, and what needs what', async () => {
  const {relationships} = await documentOf(reportOf({packages: [musl, libssl]}))
  const lines = relationships.map((one: Relationship) => Object.values(one).join(' ').replaceAll('SPDXRef-', ''))
  expect(lines).toEqual([
    'DOCUMENT DESCRIBES Target',
    'Target CONTAINS OperatingSystem-alpine-3.19.0',
    'Target CONTAINS Package-musl-1.2.4-r2',
    'Target CONTAINS Package-libssl3-3.1.4-r2',
    'Package-libssl3-3.1.4-r2 DEPENDS_ON Package-musl-1.2.4-r2',
  ])
})

test('spdx is of the day that the scan measured against, so that the same scan is the same document', async () => {
  const {creationInfo, documentNamespace} = await documentOf(reportOf({today: '2026-01-31'}))
  expect(creationInfo).toEqual({created: '2026-01-31T00:00:00Z', creators: ['Tool: piton-0.1.0']})
  expect((await documentOf(reportOf({today: '2026-01-31'}))).documentNamespace).toBe(documentNamespace)
  expect((await documentOf(reportOf({today: '2026-02-01'}))).documentNamespace).not.toBe(documentNamespace)
})

test('spdx gives an image its digest', async () => {
  const manifestDigest = `sha256:${'a'.repeat(64)}` as Digest
  const {packages} = await documentOf(reportOf({}, {target: targetOf({manifestDigest})}))
  expect(packages[0]).toMatchObject({
    name: 'app:1.2',
    versionInfo: manifestDigest,
    checksums: [{algorithm: 'SHA256', checksumValue: 'a'.repeat(64)}],
    primaryPackagePurpose: 'CONTAINER',
  })
})

test('spdx says what was not looked at', async () => {
  const warnings = [{code: 'ELF_TRUNCATED', message: 'cut short', path: 'usr/lib/x.so', hides: true}]
  const {comment} = await documentOf(reportOf({}, {complete: false, warnings}))
  expect(comment).toContain('The scan is incomplete')
  expect(comment).toContain('Warning ELF_TRUNCATED: usr/lib/x.so: cut short')
})
