import {join} from 'node:path'
import {beforeAll, describe, expect, test} from 'vitest'
import {buildDatabase} from '../../src/advisory/build.js'
import {type AdvisoryDatabase, openDatabase} from '../../src/advisory/database.js'
import type {Finding} from '../../src/model/report.js'
import {scan} from '../../src/scan.js'
import {temporaryFolder, writeFiles} from '../support/files.js'
import {shared} from '../support/shared.js'

/** Dockerfiles for images of the corpus, and the line on which every finding of the image has to stand. */

const images = shared('corpus/images')

/** Every origin package of these images has one vulnerability, so that every package has its line. */
const origins = [
  ...['alpine-baselayout', 'apk-tools', 'busybox', 'ca-certificates', 'musl', 'openssl', 'zlib', 'libc-dev'],
  ...[
    'bash',
    'nodejs',
    'npm',
    'php83',
    'git',
    'readline',
    'icu',
    'curl',
    'expat',
    'pcre2',
    'libxml2',
    'argon2',
    'libedit',
  ],
]

let database: AdvisoryDatabase
beforeAll(async () => {
  const packages = origins.map((name, n) => ({pkg: {name, secfixes: {'99999-r0': [`CVE-2031-${1000 + n}`]}}}))
  const branch = (distroversion: string) => ({distroversion, reponame: 'main', packages})
  const feeds = writeFiles(join(temporaryFolder(), 'feeds'), [
    ['secdb/last-update', '2026-01-15\n'],
    ...['v3.9', 'v3.23'].map(name => [`secdb/${name}/main.json`, JSON.stringify(branch(name))] as const),
    ['severity/cvss.tsv', '# cve\tcvss version\tvector\tsource\n'],
    [
      'kev/known_exploited_vulnerabilities.json',
      '{"catalogVersion":"2026.01.10","dateReleased":"2026-01-10T12:00:00Z","vulnerabilities":[]}',
    ],
    [
      'alpine/releases.tsv',
      '# facts (2026-01-15)\nv3.9\t2019-01-29\t2020-11-01\t3.9.6\nv3.23\t2025-12-01\t2027-11-01\t3.23.3\n',
    ],
  ])
  const to = join(temporaryFolder(), 'database')
  await buildDatabase({from: feeds, to, warn: () => {}})
  database = openDatabase(to)
})

interface Case {
  readonly name: string
  readonly target: string
  readonly dockerfile: readonly string[]
  /** By what a finding is about (a package, else a path): a piece of its line, which stands nowhere else in the file. */
  readonly lines: Readonly<Record<string, string>>
  /** The line of what `lines` does not name. */
  readonly rest: string
}

const single: Case = {
  name: 'single stage, continued RUN apk add',
  target: 'db-without-files.oci.tar',
  dockerfile: [
    '# syntax=docker/dockerfile:1',
    'FROM alpine:3.23.2',
    'RUN apk add \\',
    '      bash \\',
    '      # the runtime',
    '      nodejs npm \\',
    '      php83 \\',
    '      git',
  ],
  lines: {
    bash: '      bash',
    readline: '      bash',
    nodejs: 'nodejs npm',
    npm: 'nodejs npm',
    'icu-data-en': 'nodejs npm',
    php83: 'php83',
    libxml2: 'php83',
    git: '      git',
    libcurl: '      git',
    libexpat: '      git',
    pcre2: 'php83',
    'usr/bin/strings': 'RUN apk add',
  },
  rest: 'FROM alpine:3.23.2',
}

const multi: Case = {
  name: 'multi-stage with COPY --from',
  target: 'multi.docker.tar',
  dockerfile: [
    'ARG VERSION=3.9.0',
    'FROM golang:1.22-alpine AS build',
    'WORKDIR /src',
    'RUN apk add --no-cache git && go build -o /out/one .',
    '',
    'FROM alpine:$VERSION',
    'RUN apk upgrade \\',
    '      --no-cache \\',
    '      --repository edge',
    'ENV APP_HOME=/app',
    'COPY --from=build /out /app',
    '# tidy up',
    'RUN rm -rf /media && ln -sf ../usr/lib/os-release /etc/os-release',
    'RUN true',
    'ENTRYPOINT ["/app/one"]',
  ],
  lines: {
    busybox: 'RUN apk upgrade',
    musl: 'RUN apk upgrade',
    'etc/apk/repositories': 'RUN apk upgrade',
  },
  rest: 'FROM alpine:$',
}

const rebuilt: Case = {
  name: 'on a base of our own, which was rebuilt since',
  target: 'docker-archive:legacy-two-images.docker.tar:old:3.9-app',
  dockerfile: ['FROM registry.example:5000/team/base', 'WORKDIR /', 'COPY x /app/', 'CMD ["/bin/sh"]'],
  lines: {},
  rest: 'FROM registry',
}

const cases: readonly Case[] = [single, multi, rebuilt]

async function findingsOf({target}: Case, dockerfile: readonly string[]): Promise<readonly Finding[]> {
  const inFolder = target.replace(/^(docker-archive:)?/, prefix => `${prefix}${images}/`)
  const {report} = await scan(inFolder, {
    database,
    today: '2026-01-20',
    dockerfile: {given: null, find: () => [{path: 'Dockerfile', text: dockerfile.join('\n')}], target: null},
  })
  return report.findings
}

const aboutOf = ({packages, path}: Finding): string => packages[0]?.name ?? path

describe.skipIf(images === null)('every finding stands on its line', () => {
  for (const each of cases) {
    test(each.name, async () => {
      const findings = await findingsOf(each, each.dockerfile)
      expect(findings.length).toBeGreaterThan(5)
      const wrong = findings.flatMap(finding => {
        const expected = each.lines[aboutOf(finding)] ?? each.rest
        const line = each.dockerfile[(finding.dockerfile?.startLine ?? 0) - 1] ?? 'none'
        return line.includes(expected) ? [] : [`${aboutOf(finding)}: ${line}, not ${expected}`]
      })
      expect(wrong).toEqual([])
      const missing = Object.keys(each.lines).filter(about => !findings.some(finding => aboutOf(finding) === about))
      expect(missing).toEqual([])
    })
  }
})

/** What happens to a Dockerfile after the image was built: lines of the last stage are edited, added, removed, swapped. */
function* mutationsOf({dockerfile}: Case): Iterable<readonly [name: string, lines: readonly string[]]> {
  const from = dockerfile.findLastIndex(line => line.startsWith('FROM'))
  for (let at = from + 1; at < dockerfile.length; at++) {
    const line = dockerfile[at] ?? ''
    yield [
      `line ${at + 1} edited`,
      dockerfile.with(at, line.replace(/^(\w+) .*?(\\?)$/, '$1 something-else entirely $2')),
    ]
    yield [`line ${at + 1} removed`, dockerfile.toSpliced(at, 1)]
    if (!/\\$/.test(dockerfile[at - 1] ?? '')) {
      yield [`a RUN before line ${at + 1}`, dockerfile.toSpliced(at, 0, 'RUN echo new')]
      yield [`a COPY before line ${at + 1}`, dockerfile.toSpliced(at, 0, 'COPY new /new')]
    }
    if (at + 1 < dockerfile.length)
      yield [`lines ${at + 1} and ${at + 2} swapped`, dockerfile.toSpliced(at, 2, dockerfile[at + 1] ?? '', line)]
  }
}

describe.skipIf(images === null)('an edited Dockerfile never gives a wrong line, only FROM', () => {
  for (const each of cases) {
    test(each.name, async () => {
      const wrong: string[] = []
      let seen = 0
      for (const [name, lines] of mutationsOf(each)) {
        for (const finding of await findingsOf(each, lines)) {
          if (finding.dockerfile === null) continue
          seen++
          const {startLine, endLine} = finding.dockerfile
          const text = lines.slice(startLine - 1, endLine).join('\n')
          const expected = each.lines[aboutOf(finding)] ?? each.rest
          if (!text.startsWith('FROM') && !text.includes(expected)) wrong.push(`${name}: ${aboutOf(finding)}: ${text}`)
        }
      }
      expect(wrong).toEqual([])
      expect(seen).toBeGreaterThan(0)
    })
  }
})
