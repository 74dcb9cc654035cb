import {rmSync} from 'node:fs'
import {join} from 'node:path'
import {afterAll, beforeAll, expect, test} from 'vitest'
import {openDatabase} from '../../src/advisory/database.js'
import {sarif} from '../../src/report/sarif.js'
import {scan} from '../../src/scan.js'
import {apkDatabase, type PackageParts, releaseFiles, repositoriesFile, tinyElf} from '../support/alpine.js'
import {tinyDatabase} from '../support/database.js'
import {temporaryFile} from '../support/files.js'
import {dockerArchive} from '../support/images.js'
import {file, tarOf} from '../support/tar.js'

let built = {folder: '', feeds: '', database: ''}
beforeAll(async () => {
  built = await tinyDatabase()
})
afterAll(() => rmSync(built.folder, {recursive: true, force: true}))

interface Build {
  readonly tag: string
  readonly openssl: string
  /** Further packages, which move the lines of the database. */
  readonly others: readonly PackageParts[]
  /** Lines of the Dockerfile before its first instruction. */
  readonly comments: number
}

interface Alert {
  readonly ruleId: string
  readonly partialFingerprints: {readonly primaryLocationLineHash: string}
  readonly locations: readonly {
    readonly physicalLocation: {
      readonly artifactLocation: {readonly uri: string}
      readonly region: {readonly startLine: number}
    }
  }[]
}

/** What GitHub knows alerts by: category, rule, path and hash; and the lines, which it does not. */
async function alertsOf({tag, openssl, others, comments}: Build) {
  const base: PackageParts[] = [
    ...others,
    {name: 'busybox', version: '1.36.1-r15', files: ['bin/busybox']},
    {name: 'libssl3', version: openssl, origin: 'openssl', files: ['lib/libssl.so.3']},
  ]
  const image = dockerArchive({
    tags: [`registry.example/team/app:${tag}`],
    createdBy: ['ADD alpine-minirootfs-3.19.0-x86_64.tar.gz / # buildkit', 'COPY app /usr/bin/app # buildkit'],
    layers: [
      tarOf([...releaseFiles('3.19.0'), repositoriesFile('v3.19'), apkDatabase(base)]),
      tarOf([file('usr/bin/app', Buffer.concat([tinyElf(), Buffer.from(tag)]), {mode: 0o755})]),
    ],
  })
  const text = `${'# comment\n'.repeat(comments)}FROM alpine:3.19\nCOPY app /usr/bin/app\n`
  const {report} = await scan(temporaryFile(image, `${tag}.tar`), {
    database: openDatabase(join(built.database)),
    today: '2026-01-20',
    dockerfile: {given: {path: 'Dockerfile', text}, find: () => [], target: null},
  })
  const [run] = JSON.parse(await sarif.render(report, {color: false, width: 80})).runs
  return {
    imageID: report.target.imageID,
    lines: run.results.map(({locations}: Alert) => locations[0]?.physicalLocation.region.startLine),
    alerts: run.results
      .map(({ruleId, partialFingerprints, locations}: Alert) =>
        [
          run.automationDetails.id,
          ruleId,
          locations[0]?.physicalLocation.artifactLocation.uri,
          partialFingerprints.primaryLocationLineHash,
        ].join(' '),
      )
      .sort(),
  }
}

test('two builds of one image keep their alerts: other digests, revisions, tags and lines', async () => {
  const first = await alertsOf({tag: '1.0', openssl: '3.1.4-r0', others: [], comments: 0})
  const second = await alertsOf({
    tag: '1.1',
    openssl: '3.1.4-r1',
    others: [
      {name: 'zlib', version: '1.3-r0'},
      {name: 'apk-tools', version: '2.14-r0'},
    ],
    comments: 7,
  })
  expect(second.imageID).not.toBe(first.imageID)
  expect(second.lines).not.toEqual(first.lines)
  expect(first.alerts.length).toBeGreaterThan(3)
  // Revision r1 fixed one vulnerability of r0: that alert is gone, and no other changed.
  expect(first.alerts.filter((alert: string) => !second.alerts.includes(alert))).toEqual([
    expect.stringContaining('CVE-2030-0002-openssl'),
  ])
  expect(second.alerts.filter((alert: string) => !first.alerts.includes(alert))).toEqual([])
})
