import {readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {describe, expect, test} from 'vitest'
import {compareVersions} from '../../src/apk/version.js'
import {apkDatabase, type PackageParts, releaseFiles} from '../support/alpine.js'
import {temporaryFolder} from '../support/files.js'
import {piton} from '../support/piton.js'
import {shared} from '../support/shared.js'
import {tarOf} from '../support/tar.js'

/** Real images, and what becomes of their packages when they are built from the Dockerfile that piton fix writes. */

const corpus = shared('corpus')
const shop = fileURLToPath(new URL('../fixtures/images/shop.tar', import.meta.url))

const cases: [name: string, target: string, dockerfile: readonly string[]][] = [
  [
    'one stage',
    shop,
    [
      'FROM alpine:3.20.1',
      'RUN apk add --no-cache \\',
      '    nginx \\',
      '    curl \\',
      '    expat',
      'COPY shop /usr/local/bin/shop',
    ],
  ],
  [
    'one stage with pins',
    shop,
    [
      'FROM alpine:3.20.1',
      'RUN apk add --no-cache \\',
      '    nginx=1.26.1-r0 \\',
      '    # the others as they come',
      '    curl expat',
      'COPY shop /usr/local/bin/shop',
    ],
  ],
  [
    'several stages, the tag in an ARG, an upgrade',
    `${corpus}/images/multi.docker.tar`,
    [
      'ARG VERSION=3.9.0',
      'FROM golang:1.22-alpine AS build',
      'WORKDIR /src',
      'RUN apk add --no-cache git && go build -o /out/one .',
      'FROM alpine:$VERSION',
      'RUN apk upgrade \\',
      '      --no-cache \\',
      '      --repository edge',
      'ENV APP_HOME=/app',
      'COPY --from=build /out /app',
      'RUN rm -rf /media && ln -sf ../usr/lib/os-release /etc/os-release',
      'RUN true',
      'ENTRYPOINT ["/app/one"]',
    ],
  ],
  ['a base image alone', `${corpus}/images/real-containerd-alpine-3.14.tar`, ['FROM alpine:3.14.0']],
  ['of another machine', `${corpus}/rootfs/alpine-3.19.0-aarch64.tar.gz`, ['FROM alpine:3.19.0', 'USER nobody']],
  ['by its digest', `${corpus}/rootfs/alpine-3.9.0-aarch64.tar.gz`, [`FROM alpine@sha256:${'a'.repeat(64)}`]],
]

interface Found {
  readonly origin: string
  readonly fixedVersion: string
  readonly packages: readonly {readonly name: string}[]
}

describe.skipIf(corpus === null)('an image built from the fixed Dockerfile', () => {
  for (const [name, target, lines] of cases) {
    test(name, async () => {
      const cwd = temporaryFolder()
      const text = `${lines.join('\n')}\n`
      writeFileSync(join(cwd, 'Dockerfile'), text)
      const run = async (...args: string[]) => {
        const ran = await piton([...args, '-o', 'json', '--at', '2025-01-20', '-q', '--no-cache'], {cwd})
        expect(ran.code).toBe(0)
        return JSON.parse(ran.stdout)
      }
      const before = await run('scan', target, '--check', 'vulnerabilities', '--dockerfile', 'Dockerfile')
      const fix = await run('fix', target, '--dockerfile', 'Dockerfile', '--write')
      const after = readFileSync(join(cwd, 'Dockerfile'), 'utf8')
      expect(fix).toMatchObject({written: true, findings: before.findings.length})
      expect(fix.removes).toBeGreaterThan(0)
      expect((await run('fix', target, '--dockerfile', 'Dockerfile', '--write')).written).toBe(false)
      expect(readFileSync(join(cwd, 'Dockerfile'), 'utf8')).toBe(after)

      const asked = askedFor(after, before)
      const packages = before.packages.map((one: PackageParts): PackageParts => {
        const version = asked.get(one.name)
        return {name: one.name, origin: one.origin ?? one.name, version: version ?? one.version}
      })
      writeFileSync(join(cwd, 'new.tar'), tarOf([...releaseFiles(before.release.version), apkDatabase(packages)]))
      const rebuilt = await run('scan', 'new.tar', '--check', 'vulnerabilities')
      expect(rebuilt.findings.length).toBe(before.findings.length - fix.removes)
    })
  }
})

/** The version of each package that the lines of a Dockerfile bring, where the newest is the one with all fixes. */
function askedFor(
  dockerfile: string,
  {
    findings,
    packages,
  }: {
    readonly findings: readonly Found[]
    readonly packages: readonly {readonly name: string; readonly origin: string}[]
  },
): ReadonlyMap<string, string> {
  const newest = new Map<string, string>()
  for (const {origin, fixedVersion} of findings) {
    const known = newest.get(origin)
    if (known === undefined || compareVersions(fixedVersion, known) > 0) newest.set(origin, fixedVersion)
  }
  const stage = dockerfile.slice(dockerfile.lastIndexOf('FROM ')).replace(/\\\n(?:[ ]*#.*\n)*/g, ' ')
  const added = [...stage.matchAll(/apk add (.*)$/gm)].flatMap(([, words = '']) => words.split(/\s+/))
  const names = new Set(added.map(word => /^['"]?([\w.+-]+)/.exec(word)?.[1]))
  const pinned = new Map(
    added.flatMap(word =>
      (/^([\w.+-]+)=(.*)$/.exec(word) ?? []).slice(1, 2).map(pin => [pin, word.slice(pin.length + 1)]),
    ),
  )
  const isAll = /RUN apk upgrade +--no-cache/m.test(stage)
  // What apk add names brings what it needs: in these images, libraries of the same origin, which one of them has alone.
  const origins = new Set<string | undefined>(packages.filter(({name}) => names.has(name)).map(({origin}) => origin))
  for (const name of names) origins.add(name)
  return new Map(
    packages.flatMap(({name, origin}) => {
      const version = pinned.get(name) ?? newest.get(origin)
      return version !== undefined && (isAll || names.has(name) || origins.has(origin))
        ? [[name, version] as const]
        : []
    }),
  )
}
