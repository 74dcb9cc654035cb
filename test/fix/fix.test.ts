import {mkdirSync, rmSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import fc from 'fast-check'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {type AdvisoryDatabase, openDatabase} from '../../src/advisory/database.js'
import {compilePackageVersions} from '../../src/advisory/package-versions.js'
import {parseDockerfile} from '../../src/dockerfile/index.js'
import {type FixPlan, fixDockerfile} from '../../src/fix/index.js'
import {scan} from '../../src/scan.js'
import {apkDatabase, releaseFiles} from '../support/alpine.js'
import {type Built, dockerBuild} from '../support/docker-build.js'
import {temporaryFile} from '../support/files.js'
import {fixCases} from '../support/fix-cases.js'
import {countOf, earlier, fixDatabase, now} from '../support/fix-world.js'
import {dockerArchive} from '../support/images.js'
import {tarOf} from '../support/tar.js'

let built = {folder: '', database: ''}
let database: AdvisoryDatabase
beforeAll(async () => {
  built = await fixDatabase()
  database = openDatabase(built.database)
})
const folders: string[] = []
afterAll(() => {
  for (const folder of [built.folder, ...folders]) rmSync(folder, {recursive: true, force: true})
})

/** What piton says of an image, and of the Dockerfile that it was built from. */
async function ask({image}: Pick<Built, 'image'>, text: string, stage: string | null = null, using = database) {
  const result = await scan(temporaryFile(image), {
    database: using,
    today: '2025-01-20',
    policy: {checks: ['vulnerabilities']},
    dockerfile: {given: {path: 'Dockerfile', text}, find: () => [], target: stage},
  })
  const {report, facts, remaining, upgrades, build} = result
  const plan = fixDockerfile({
    dockerfile: {path: 'Dockerfile', text},
    stage,
    history: build?.history ?? [],
    platform: build?.platform ?? null,
    layers: report.target.layers,
    reference: 'app',
    facts,
    findings: remaining,
    upgrades,
  })
  return {plan, findings: remaining.length}
}

const summary = ({removes, findings, remaining}: FixPlan) => ({removes, findings, stay: remaining})

describe('an edit', () => {
  for (const {name, before, after, removes, of, worlds: [old, today] = [earlier, now]} of fixCases) {
    test(name, async () => {
      const image = dockerBuild(before, old)
      const {plan} = await ask(image, before)
      expect(plan.after).toBe(after)
      expect(summary(plan)).toMatchObject({removes, findings: of})

      // Another look at the old image has nothing to add.
      const again = await ask(image, after)
      expect(again.plan.after).toBe(after)
      expect(again.plan.rebuild).toEqual({findings: removes, withoutCache: false})

      // The next build, with what the cache still has, keeps the promise.
      const next = dockerBuild(after, today, image)
      const scanned = await ask(next, after)
      expect(scanned.findings).toBe(of - removes)
      expect(scanned.plan.after).toBe(after)
    })
  }
})

const digest = `sha256:${'0'.repeat(64)}`
const base = countOf('busybox', 'openssl')

describe('what an edit leaves, and why', () => {
  const cases: [name: string, dockerfile: string, built: string | null, stays: [reason: RegExp, packages: string][]][] =
    [
      [
        'a version from an ARG that has none in the file',
        'FROM alpine:3.19.0\nARG CURL\nRUN apk add curl=$CURL\n',
        'ARG CURL=8.5.0-r0\nFROM alpine:3.19.0\nARG CURL\nRUN apk add curl=$CURL\n',
        [
          [
            /Dockerfile:3 asks for curl=\$CURL, whose version does not come from exactly one ARG or ENV/,
            'curl libcurl',
          ],
        ],
      ],
      [
        'a version from elsewhere',
        'FROM alpine:3.19.0\nRUN set -eux && apk update && apk add --no-cache $(cat list)\n',
        'FROM alpine:3.19.0\nRUN set -eux && apk update && apk add --no-cache nginx=1.24.0-r15\n',
        [[/the image asks for nginx=1\.24\.0-r15, and no apk add that piton can read says so/, 'nginx']],
      ],
      [
        'a repository of its own',
        'FROM alpine:3.19.0\nRUN apk add nginx=1.24.0-r15@edge\n',
        'FROM alpine:3.19.0\nRUN apk add nginx=1.24.0-r15\n',
        [[/Dockerfile:2 asks for nginx=1\.24\.0-r15 from the repository edge, of which nothing is known/, 'nginx']],
      ],
    ]
  for (const [name, text, really, stays] of cases) {
    test(name, async () => {
      const {plan} = await ask(dockerBuild(really ?? text, earlier), text)
      expect(plan.remaining).toEqual(
        stays.map(([reason, packages]) => ({
          reason: expect.stringMatching(reason),
          packages: packages.split(' '),
          findings: expect.any(Number),
        })),
      )
      expect(plan.removes + plan.remaining.reduce((sum, {findings}) => sum + findings, 0)).toBe(plan.findings)
    })
  }

  test('another stage', async () => {
    const text = 'FROM alpine:3.19.0 AS root\nRUN apk add curl\nFROM scratch\nCOPY --from=root / /\n'
    const {layers} = dockerBuild('FROM alpine:3.19.0\nRUN apk add curl\n', earlier)
    const packages = layers[1]?.state?.packages ?? new Map()
    const image = dockerArchive({
      layers: [tarOf([...releaseFiles('3.19.0'), apkDatabase([...packages.values()])])],
      createdBy: ['COPY / / # buildkit'],
    })
    const {plan} = await ask({image}, text)
    expect(plan.after).toBe(text)
    expect(plan).toMatchObject({removes: 0, steps: []})
    expect(plan.remaining).toMatchObject([
      {
        findings: base + countOf('curl', 'nghttp2'),
        reason: 'Dockerfile:4 copies them from another stage or image, root',
      },
    ])
  })
})

describe('what is left as it is', () => {
  const notes: [name: string, from: string, note: RegExp | null][] = [
    ['a digest', `alpine:3.19.0@${digest}`, /alpine:3\.19\.0@sha256:0+ is held by its digest/],
    ['a digest alone', `alpine@${digest}`, /is held by its digest/],
    [
      "an image that is not Alpine's own",
      'registry.example/alpine:3.19.0',
      /is not Alpine's own: whether it has 3\.19\.9/,
    ],
    ['a tag that moves', 'alpine:3.19', null],
    ['no tag', 'alpine', null],
    ['another image', 'node:20-alpine3.19', null],
  ]
  for (const [name, from, note] of notes) {
    test(name, async () => {
      const text = `FROM ${from}\nRUN apk add jq\n`
      const {plan} = await ask(dockerBuild(text, earlier), text)
      expect(plan.after).toMatch(
        new RegExp(`^FROM ${from.replaceAll('.', '\\.')}\nRUN apk add --no-cache --upgrade busybox libcrypto3`),
      )
      expect(plan.removes).toBe(base)
      expect(plan.notes.filter(one => one.startsWith('FROM'))).toEqual(
        note === null ? [] : [expect.stringMatching(note)],
      )
    })
  }

  for (const name of ['docker.io/library/alpine', 'public.ecr.aws/docker/library/alpine', 'index.docker.io/alpine']) {
    test(`but not ${name}, which is Alpine's own`, async () => {
      const text = `FROM ${name}:3.19.0\n`
      expect((await ask(dockerBuild(text, earlier), text)).plan.after).toMatch(`FROM ${name}:3.19.9\n`)
    })
  }
})

test('where the line that upgrades is in the cache, it takes a build without it, and no edit', async () => {
  const text = 'FROM alpine:3.19.9\nRUN apk upgrade --no-cache\nRUN apk add --no-cache nginx\n'
  const {plan} = await ask(dockerBuild(text, earlier), text)
  expect(plan).toMatchObject({
    after: text,
    removes: 0,
    rebuild: {findings: base + countOf('nginx'), withoutCache: true},
  })
})

test('the stage that was built', async () => {
  const text = 'FROM alpine:3.19.0 AS one\nRUN apk add jq\nFROM alpine:3.19.0 AS two\nRUN apk add git\n'
  const first = text.split('FROM alpine:3.19.0 AS two')[0] ?? ''
  const {plan} = await ask(dockerBuild(first, earlier), text, 'one')
  expect(plan.after).toMatch(
    /^FROM alpine:3\.19\.9 AS one\nRUN apk add --no-cache --upgrade .*\nRUN apk add jq\nFROM alpine:3\.19\.0 AS two\n/,
  )
})

test('many packages are upgraded together', async () => {
  const names = Array.from({length: 14}, (_, n) => `part${n}`)
  const world = {
    base: () => ({
      packages: new Map(names.map(name => [name, {name, version: '3.1.4-r2', origin: 'openssl'}])),
      release: '3.19.0',
    }),
    repository: new Map(names.map(name => [name, {name, version: '3.1.7-r1', origin: 'openssl'}])),
  }
  const text = 'FROM alpine:3.19.0\n'
  const image = dockerBuild(text, world)
  const {plan} = await ask(image, text)
  expect(plan.after).toBe('FROM alpine:3.19.9\nRUN apk upgrade --no-cache\n')
  expect((await ask(dockerBuild(plan.after, world, image), plan.after)).findings).toBe(0)
})

describe('with a package index', () => {
  async function withIndex(versions: Readonly<Record<string, string>>): Promise<AdvisoryDatabase> {
    const {folder, database: location} = await fixDatabase()
    folders.push(folder)
    const packages = Object.entries(versions).map(([name, version]) => {
      return {name, version, origin: name, provides: [], priority: 0, buildTime: 1_736_000_000}
    })
    const index = {repository: 'v3.19/main', branch: 'v3.19', architecture: 'x86_64', packages}
    for (const [path, table] of compilePackageVersions([index])) {
      mkdirSync(dirname(join(location, path)), {recursive: true})
      writeFileSync(join(location, path), table)
    }
    return openDatabase(location)
  }
  const text = 'FROM alpine:3.19.9\nRUN apk add curl=8.5.0-r0\n'

  test('pins name what the repository has', async () => {
    const using = await withIndex({
      curl: '8.14.0-r0',
      libcurl: '8.14.0-r0',
      libssl3: '3.1.8-r0',
      libcrypto3: '3.1.8-r0',
      busybox: '1.36.1-r20',
    })
    const {plan} = await ask(dockerBuild(text, earlier), text, null, using)
    expect(plan.after).toContain('RUN apk add curl=8.14.0-r0\n')
    expect(plan.remaining).toEqual([])
  })

  test('what the repository does not have yet stays', async () => {
    const using = await withIndex({
      curl: '8.6.0-r0',
      libcurl: '8.6.0-r0',
      libssl3: '3.1.4-r2',
      libcrypto3: '3.1.4-r2',
      busybox: '1.36.1-r20',
    })
    const {plan} = await ask(dockerBuild(text, earlier), text, null, using)
    expect(plan.after).toBe('FROM alpine:3.19.9\nRUN apk add --no-cache --upgrade busybox\nRUN apk add curl=8.6.0-r0\n')
    const stays = countOf('openssl') + 1
    expect(plan.remaining).toEqual([
      {
        findings: stays,
        packages: ['curl', 'libcrypto3', 'libcurl', 'libssl3'],
        reason: 'the package index of 2025-01-04 has no version with the fix',
      },
    ])
    expect(plan.removes).toBe(plan.findings - stays)
  })
})

describe('a Dockerfile that does not fit', () => {
  const wrong: [name: string, text: string, said: RegExp][] = [
    [
      'of another branch',
      'FROM alpine:3.20.1\n',
      /Dockerfile builds on alpine:3\.20\.1, and the image is Alpine 3\.19\.0/,
    ],
    ['of another image', 'FROM alpine:3.19.0\nRUN make\nCOPY a b\nRUN make install\n', /does not belong to this image/],
    ['that is empty', '', /Dockerfile has no instructions/],
    [
      'with a heredoc that nothing ends',
      'FROM alpine:3.19.0\nRUN <<EOF\napk add curl\n',
      /no line ends the heredoc "EOF"/,
    ],
    ['that is no Dockerfile', 'hello\n', /"hello" is not an instruction/],
    ['of a megabyte and more', `FROM alpine:3.19.0\n${'#'.repeat(1024 * 1024)}`, /1048576 is the limit/],
  ]
  for (const [name, text, said] of wrong) {
    test(name, async () => {
      const image = dockerBuild('FROM alpine:3.19.0\nRUN apk add nginx\n', earlier)
      await expect(ask(image, text)).rejects.toThrow(said)
    })
  }
})

describe('is done soon with', () => {
  const many = (line: (n: number) => string, count: number) => Array.from({length: count}, (_, n) => line(n)).join('\n')
  const huge: [name: string, before: string, after: string, pattern: RegExp][] = [
    ['a megabyte of pins', '', `RUN apk add ${'curl=8.5.0-r0 '.repeat(70_000)}`, /apk add (?:curl=8\.9\.1-r2 ){70000}/],
    ['a megabyte of comments', '', many(n => `# ${n} apk add curl=8.5.0-r0`, 30_000), /^FROM alpine:3\.19\.9\n/],
    ['thousands of ARGs', many(n => `ARG A${n}=3.19.0`, 40_000), '', /FROM alpine:3\.19\.9\n/],
    [
      'thousands of pins from thousands of ARGs',
      many(n => `ARG V${n}=8.5.0-r0`, 12_000),
      `RUN apk add${many(n => ` curl=$V${n}`, 12_000).replaceAll('\n', '')}`,
      /ARG V11999=8\.9\.1-r2\n/,
    ],
    [
      'a thousand RUNs with pins',
      '',
      many(n => `RUN apk add curl=8.5.0-r0 && echo ${n}`, 1000),
      /(?:RUN apk add curl=8\.9\.1-r2[^\n]*\n){1000}/,
    ],
  ]
  for (const [name, before, after, pattern] of huge) {
    test(name, async () => {
      const text = `${before}\nFROM alpine:3.19.0\nRUN apk add nginx\nRUN apk add curl\n${after}\n`.trimStart()
      // A root file system has no history, so that any Dockerfile may be its own.
      const {packages} = dockerBuild('FROM alpine:3.19.0\nRUN apk add nginx\nRUN apk add curl\n', earlier)
      const started = performance.now()
      const {plan} = await ask({image: tarOf([...releaseFiles('3.19.0'), apkDatabase([...packages.values()])])}, text)
      expect(plan.after).toMatch(pattern)
      expect(performance.now() - started).toBeLessThan(8000)
    })
  }
})

/** RUN lines as people write them, in a world of few packages. */
const word = fc.constantFrom(
  'curl',
  'curl=8.5.0-r0',
  'nginx',
  'nginx~1.24',
  "'nginx<1.25'",
  'git>=2.0',
  'php82=8.2.13-r0',
  'jq',
  'jq=1.7.1-r0',
)
const line = fc.oneof(
  fc
    .uniqueArray(word, {minLength: 1, maxLength: 3, selector: text => /\w+/.exec(text)?.[0]})
    .map(words => `RUN apk add --no-cache ${words.join(' ')}`),
  fc.constantFrom(
    'COPY a /a',
    'COPY b /b',
    'ENV A=1',
    'LABEL a=b',
    'RUN echo done',
    'USER app',
    'USER root',
    'FROM alpine:3.19.0 AS other',
    'RUN apk upgrade --no-cache',
    '# apk add curl=8.5.0-r0',
    '',
  ),
)

test('whatever the Dockerfile: nothing else changes, a second look changes nothing, and the promise is kept', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('3.19.0', '3.19.9', '3.19'),
      fc.array(line, {maxLength: 6}),
      fc.constantFrom('\n', '\r\n'),
      async (tag, lines, end) => {
        const text = [`FROM alpine:${tag}`, ...lines, ''].join(end)
        const image = buildable(text)
        fc.pre(image !== null)
        const {plan} = await ask(image, text)
        expect(undone(plan.after, text)).toBe(text)
        parseDockerfile(plan.after)
        expect((await ask(image, plan.after)).plan.after).toBe(plan.after)
        const next = await ask(dockerBuild(plan.after, now, plan.rebuild.withoutCache ? null : image), plan.after)
        expect(next.findings).toBeLessThanOrEqual(plan.findings - plan.removes - plan.rebuild.findings)
      },
    ),
    {numRuns: Number(process.env['RUNS'] ?? 60)},
  )
})

/** null where apk would be run as somebody who may not. */
function buildable(text: string): Built | null {
  try {
    return dockerBuild(text, earlier)
  } catch {
    return null
  }
}

/** The edited text with versions as they were, and without the added lines: what is left is the old text. */
function undone(after: string, before: string): string {
  const old = before.split('\n')
  let at = 0
  const lines: string[] = []
  for (const edited of after.split('\n')) {
    const plain = (text: string | undefined) => text?.replace(/\d[\d.]*(?:-r\d+)?/g, '')
    if (plain(edited) === plain(old[at])) lines.push(old[at++] ?? '')
    else expect(edited).toMatch(/^RUN apk (?:add --no-cache --upgrade [\w ]+|upgrade --no-cache)\r?$|^USER \w+\r?$/)
  }
  return lines.join('\n')
}
