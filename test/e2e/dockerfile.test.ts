import {mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {describe, expect, test} from 'vitest'
import {temporaryFolder} from '../support/files.js'
import {oneErrorLine, piton} from '../support/piton.js'

const shop = fileURLToPath(new URL('../fixtures/images/shop.tar', import.meta.url))

const dockerfile = [
  '# The shop.',
  'FROM alpine:3.20.1',
  'RUN apk add --no-cache \\',
  '    nginx \\',
  '    curl \\',
  '    expat',
  'COPY shop /usr/local/bin/shop',
  'CMD ["/usr/local/bin/shop"]',
  '',
].join('\n')

/** A working folder with these files. */
function workspace(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder()
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), {recursive: true})
    writeFileSync(join(folder, path), text)
  }
  return folder
}

const scan = (cwd: string, ...args: string[]) => piton(['scan', '--at', '2025-01-10', shop, ...args], {cwd})

interface Place {
  readonly physicalLocation: {
    readonly artifactLocation: {readonly uri: string}
    readonly region: {readonly startLine: number; readonly snippet?: {readonly text: string}}
  }
}

function placesIn(file: string): ReadonlyMap<string, string> {
  const [run] = JSON.parse(readFileSync(file, 'utf8')).runs
  return new Map(
    run.results.map(({ruleId, locations}: {readonly ruleId: string; readonly locations: readonly Place[]}) => {
      const place = locations[0]?.physicalLocation
      return [ruleId, `${place?.artifactLocation.uri}:${place?.region.startLine}`]
    }),
  )
}

describe.concurrent('the line of a Dockerfile', () => {
  test('is found by itself, and stands in every format', async () => {
    const cwd = workspace({Dockerfile: dockerfile})
    const outputs = ['sarif=a.sarif', 'json=a.json', 'github=a.txt', 'table'].flatMap(output => ['-o', output])
    const {code, stdout, stderr} = await scan(cwd, ...outputs)
    expect([code, stderr]).toEqual([0, ''])
    const places = placesIn(join(cwd, 'a.sarif'))
    expect(places.get('CVE-2024-6119-openssl')).toBe('Dockerfile:2')
    expect(places.get('CVE-2024-7347-nginx')).toBe('Dockerfile:4')
    expect(places.get('PT1007')).toBe('Dockerfile:7')
    const {findings, target} = JSON.parse(readFileSync(join(cwd, 'a.json'), 'utf8'))
    expect(findings.find(({rule}: {rule: string}) => rule === 'CVE-2024-7347')).toMatchObject({
      layer: {index: 1, base: false},
      dockerfile: {file: 'Dockerfile', line: 4, endLine: 4, confidence: 'exact', copiedFrom: null},
    })
    expect(target.base).toEqual({name: 'alpine:3.20.1', from: 'dockerfile'})
    expect(readFileSync(join(cwd, 'a.txt'), 'utf8')).toMatch(
      /^::warning file=Dockerfile,line=4,endLine=4,title=CVE-2024-7347/m,
    )
    expect(stdout).toMatch(/^nginx 1\.26\.1-r0\n {2}from Dockerfile:4$/m)
    expect(stdout).toMatch(/^openssl 3\.3\.1-r0 \(libcrypto3, libssl3\)\n {2}from Dockerfile:2, base image$/m)
  })

  test('is named from the root of the repository, also in a folder below', async () => {
    const cwd = workspace({'.git/HEAD': 'ref: refs/heads/main\n', 'deploy images/Dockerfile': dockerfile})
    const ran = await scan(join(cwd, 'deploy images'), '-o', 'sarif=a.sarif')
    expect(ran.code).toBe(0)
    const places = placesIn(join(cwd, 'deploy images/a.sarif'))
    expect(places.get('CVE-2024-7347-nginx')).toBe('deploy%20images/Dockerfile:4')
  })

  test('another file, where there is none', async () => {
    const cwd = workspace({'deploy.yaml': 'a\nb\n'})
    const ran = await scan(cwd, '-o', 'sarif=a.sarif', '--sarif-location', 'deploy.yaml:2')
    expect([ran.code, ran.stderr]).toEqual([0, ''])
    expect(new Set(placesIn(join(cwd, 'a.sarif')).values())).toEqual(new Set(['deploy.yaml:2']))
  })

  test('or one path that is no file, which it says', async () => {
    const cwd = workspace({})
    const ran = await scan(cwd, '-o', 'sarif=a.sarif')
    expect([ran.code, ran.stderr]).toEqual([0, expect.stringMatching(/^piton: No line of the repository is known/)])
    expect(new Set(placesIn(join(cwd, 'a.sarif')).values())).toEqual(new Set(['piton/shop.apkdb:1']))
  })
})

describe.concurrent('--only', () => {
  const origins = async (only: string) => {
    const {stdout, code} = await scan(
      workspace({Dockerfile: dockerfile}),
      '--only',
      only,
      '--check',
      'vulnerabilities',
      '-o',
      'json',
    )
    expect(code).toBe(0)
    return new Set(JSON.parse(stdout).findings.map(({origin}: {origin: string}) => origin))
  }
  test('base', async () => expect(await origins('base')).toEqual(new Set(['openssl', 'busybox'])))
  test('own', async () => expect(await origins('own')).toEqual(new Set(['expat', 'curl', 'nginx'])))
})

describe.concurrent('a Dockerfile that is of no use', () => {
  const wrong: [name: string, files: Record<string, string>, args: string[], said: RegExp][] = [
    ['is not there', {}, ['--dockerfile', 'none'], /cannot read the Dockerfile none: there is no such file/],
    ['is a folder', {'d/x': ''}, ['--dockerfile', 'd'], /cannot read the Dockerfile d: it is not a file/],
    ['does not parse', {D: 'hello world'}, ['--dockerfile', 'D'], /D, line 1: "hello" is not an instruction/],
    [
      'is of another image',
      {D: 'FROM a\nRUN make\nCOPY a b\n'},
      ['--dockerfile', 'D'],
      /D does not belong to this image: 0 of 2 layers match/,
    ],
    ['is 10 MB', {D: '#'.repeat(10_000_000)}, ['--dockerfile', 'D'], /D has 10,000,000 bytes; 4,194,304 is the limit/],
    ['has no such stage', {D: dockerfile}, ['--dockerfile', 'D', '--target', 'x'], /D has no stage "x"/],
    ['no place', {}, ['--sarif-location', ':3'], /--sarif-location ":3" is no place in a file/],
  ]
  for (const [name, files, args, said] of wrong) {
    test(name, async () => {
      const {code, stdout, stderr} = await scan(workspace(files), ...args)
      expect([code, stdout]).toEqual([2, ''])
      expect(stderr).toMatch(said)
      expect(stderr).toMatch(oneErrorLine)
    })
  }
})
