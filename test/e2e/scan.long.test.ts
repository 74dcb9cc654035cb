import {execFileSync, spawnSync} from 'node:child_process'
import {chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {gzipSync} from 'node:zlib'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {apkRecord} from '../support/alpine.js'
import {criticalID, mediumID, tinyDatabase} from '../support/database.js'
import {temporaryFile, temporaryFolder, writeFiles} from '../support/files.js'
import {dockerArchive, type ImageParts, ociArchive, ociFiles} from '../support/images.js'
import {oneErrorLine, piton, type Ran, type RunOptions, terminalCommands} from '../support/piton.js'
import {smallPackages, smallSystem} from '../support/small-system.js'
import {file, folder, type TarItem, tarOf} from '../support/tar.js'
import {rawFrame, skippableFrame} from '../support/zstd.js'

/** What is said of SARIF whose alerts stand at no line of the repository. */
const noLine = /^piton: No line of the repository is known [^\n]*\n$/

const rootfs = tarOf(smallSystem)
const image: ImageParts = {layers: [rootfs], tags: ['app:1.0'], createdBy: ['ADD rootfs /']}

let built = {folder: '', feeds: '', database: ''}
beforeAll(async () => {
  built = await tinyDatabase()
})
afterAll(() => rmSync(built.folder, {recursive: true, force: true}))

/** `piton scan` with the small database, on a fixed day. */
function scan(args: readonly string[], options?: RunOptions): Promise<Ran> {
  return piton(['scan', '--db', built.database, '--at', '2026-01-20', ...args], options)
}

interface Report {
  readonly target: {
    readonly reference: string
    readonly kind: string
    readonly name: string | null
    readonly platform: string | null
  }
  readonly complete: boolean
  readonly warnings: readonly {readonly code: string; readonly message: string}[]
  readonly packages: readonly {readonly name: string}[]
  readonly findings: readonly {readonly rule: string; readonly family: string; readonly severity: string}[]
}

function reportOf(ran: Ran): Report {
  expect([ran.stderr, ran.code]).toEqual(['', 0])
  expect(ran.stdout).not.toMatch(terminalCommands)
  return JSON.parse(ran.stdout)
}

const vulnerabilities = (report: Report): string[] =>
  report.findings.filter(({family}) => family === 'vulnerability').map(({rule, severity}) => `${rule} ${severity}`)

/** `xz --check=crc64` of a tar with an apk database of one package, `musl 1.2.4-r2`. */
const xz = Buffer.from(
  '/Td6WFoAAATm1rRGAgAhARwAAAAQz1jM4Cf/AL5dADKdCIYUqFwnkme6RssZhkRI4lCOeZxfhOpYkLG+3HhO2S9u/+j7pi9NtvD8KaUPwV6MHXANaRTc6drHFEv0N9LipfiN+Cwk686nxZt16RxhVF1XXy7L4rZTp3kxxgO49djsluravb8OEomETeYFWWaRWWAwSdySrn9f0n7O/Cqx3YeaxpRIaNOpa38ws+5lukxcbXqEzxuZUgglHWoSrKGK3+rKU8ZTz2bVy3DH0wSNlhUN8kvM17bL3RUOrgAAAAA06CrLMdQO1gAB2gGAUAAAr1p1zLHEZ/sCAAAAAARZWg==',
  'base64',
)

describe.concurrent('a person scans', () => {
  const targets: [name: string, target: () => string, kind: string, scheme: string][] = [
    ['what docker save writes', () => temporaryFile(dockerArchive(image)), 'image', 'docker-archive'],
    ['an OCI archive', () => temporaryFile(ociArchive(image)), 'image', 'oci-archive'],
    ['an OCI folder', () => writeFiles(temporaryFolder(), ociFiles(image)), 'image', 'oci'],
    ['a root file system in a tarball', () => temporaryFile(rootfs), 'rootfs', 'rootfs'],
    ['a root file system in a folder', () => unpacked(smallSystem), 'rootfs', 'rootfs'],
    ['a file with another name', () => temporaryFile(dockerArchive(image), 'notes.txt'), 'image', 'docker-archive'],
  ]
  for (const [name, target, kind, scheme] of targets) {
    test(name, async () => {
      const path = target()
      const report = reportOf(await scan(['-o', 'json', path]))
      expect(report.target).toMatchObject({kind, reference: `${scheme}:${path}`})
      expect(report.packages.map(pkg => pkg.name).sort()).toEqual(smallPackages)
      expect(vulnerabilities(report)).toEqual([`${criticalID} critical`, `${mediumID} medium`])
      expect(report).toMatchObject({complete: true, warnings: []})
      if (kind === 'image')
        expect(report.target).toMatchObject({name: expect.stringMatching('1.0'), platform: 'linux/amd64'})
    })
  }

  const compressed: [name: string, bytes: () => Uint8Array][] = [
    ['gzip', () => gzipSync(dockerArchive(image))],
    ['gzip in two members', () => Buffer.concat([gzipSync(rootfs.subarray(0, 700)), gzipSync(rootfs.subarray(700))])],
    ['gzip layers', () => ociArchive({...image, compress: tar => gzipSync(tar)})],
    ['zstd', () => rawFrame(rootfs.toString('latin1'))],
    [
      'zstd with skippable frames',
      () =>
        Buffer.concat([
          skippableFrame(4),
          rawFrame(rootfs.subarray(0, 700).toString('latin1')),
          skippableFrame(300),
          rawFrame(rootfs.subarray(700).toString('latin1')),
        ]),
    ],
    ['zstd layers', () => ociArchive({...image, compress: tar => rawFrame(Buffer.from(tar).toString('latin1'))})],
  ]
  for (const [name, bytes] of compressed) {
    test(`compressed: ${name}`, async () => {
      const report = reportOf(await scan(['-o', 'json', temporaryFile(bytes())]))
      expect(report.packages.map(pkg => pkg.name).sort()).toEqual(smallPackages)
    })
  }

  test('compressed: xz', async () => {
    const report = reportOf(await scan(['-o', 'json', temporaryFile(xz)]))
    expect(report.packages).toMatchObject([{name: 'musl', version: '1.2.4-r2'}])
  })

  test.skipIf(spawnSync('zstd', ['--version']).status !== 0)('compressed: by the zstd program', async () => {
    const packed = execFileSync('zstd', ['-q', '-19', '-c', temporaryFile(rootfs)])
    const report = reportOf(await scan(['-o', 'json', temporaryFile(packed)]))
    expect(report.packages.map(pkg => pkg.name).sort()).toEqual(smallPackages)
  })
})

describe.concurrent('the exit code', () => {
  const codes: [flags: string[], code: number][] = [
    [[], 0],
    [['--fail-on', 'high:kev,low:own'], 1],
    [['--fail-on', 'high:kev'], 0],
    [['--fail-on', 'none'], 0],
    [['--fail-on', 'critical'], 1],
    [['--fail-on', 'low'], 1],
    [['--fail-on', 'critical', '--check', 'image'], 0],
    [['--fail-on', 'critical', '--skip', 'vulnerabilities'], 0],
    // What is not shown still counts.
    [['--fail-on', 'medium', '--severity', 'critical'], 1],
    [['--strict'], 0],
  ]
  for (const [flags, code] of codes) {
    test(`${flags.join(' ') || 'without flags'}: ${code}`, async () => {
      const ran = await scan([...flags, temporaryFile(rootfs)])
      expect(ran.code).toBe(code)
      expect(ran.stderr).toMatch(code === 1 ? /^piton: --fail-on \S+: \d findings? fails? it: [^\n]+\.\n$/ : /^$/)
      expect(ran.stdout).not.toBe('')
    })
  }

  const malformed = tarOf([
    ...smallSystem.filter(({name}) => name !== 'lib/apk/db/installed'),
    file('lib/apk/db/installed', `${apkRecord({name: 'musl', version: '1-r0'})}P:broken\n\n`),
  ])

  test('a warning is 0, and says so in every format', async () => {
    const to = temporaryFolder()
    const ran = await scan([
      '-o',
      'table',
      '-o',
      `json=${to}/a.json`,
      '-o',
      `sarif=${to}/a.sarif`,
      temporaryFile(malformed),
    ])
    expect(ran.code).toBe(0)
    expect(ran.stdout).toMatch(/"broken" has no version/)
    expect(JSON.parse(readFileSync(`${to}/a.json`, 'utf8'))).toMatchObject({
      complete: false,
      warnings: [{code: 'APK_BAD_RECORD', path: 'lib/apk/db/installed', message: expect.stringMatching('broken')}],
    })
    expect(readFileSync(`${to}/a.sarif`, 'utf8')).toMatch(/\\"broken\\" has no version|broken.{0,10} has no version/)
  })

  test('a warning is 2 with --strict', async () => {
    const ran = await scan(['--strict', temporaryFile(malformed)])
    expect(ran.code).toBe(2)
    expect(ran.stderr).toBe('piton: 1 warning, and --strict makes that a failure.\n')
    expect(ran.stdout).toMatch(/broken/)
  })
})

describe.concurrent('the report', () => {
  test('--severity leaves lesser findings out, and says how many', async () => {
    const ran = await scan(['--severity', 'critical', temporaryFile(rootfs)])
    expect(ran.stdout).toContain(criticalID)
    expect(ran.stdout).not.toContain(mediumID)
  })

  test('--check and --skip choose', async () => {
    const target = temporaryFile(rootfs)
    const only = reportOf(await scan(['-o', 'json', '--check', 'vulnerabilities', target]))
    expect(new Set(only.findings.map(({family}) => family))).toEqual(new Set(['vulnerability']))
    const without = reportOf(await scan(['--skip', 'vulnerabilities', '-o', 'json', target]))
    expect(without.findings.map(({family}) => family)).not.toContain('vulnerability')
    expect(without.findings.map(({rule}) => rule)).toContain('PT1001')
  })

  test('--at moves the day', async () => {
    const target = temporaryFile(rootfs)
    const before = await piton(['scan', '--db', built.database, '--at', '2025-06-30', '-o', 'json', target])
    expect(reportOf(before).findings.map(({rule}) => rule)).not.toContain('PT1001')
    const after = await piton(['scan', '--db', built.database, '--at', '2025-11-02', '-o', 'json', target])
    expect(reportOf(after).findings.map(({rule}) => rule)).toContain('PT1001')
  })

  test('several at once, to the terminal and to files', async () => {
    const to = temporaryFolder()
    const ran = await scan(['-o', 'table', '-o', 'json=a.json', '-o', `sarif=${to}/b.sarif`, temporaryFile(rootfs)], {
      cwd: to,
    })
    expect([ran.code, ran.stderr]).toEqual([0, expect.stringMatching(noLine)])
    expect(ran.stdout).toContain(criticalID)
    expect(JSON.parse(readFileSync(join(to, 'a.json'), 'utf8')).schemaVersion).toBe(1)
    expect(JSON.parse(readFileSync(join(to, 'b.sarif'), 'utf8')).version).toBe('2.1.0')
    expect(readdirSync(to).sort()).toEqual(['a.json', 'b.sarif'])
  })

  test('the same input gives the same bytes', async () => {
    const target = temporaryFile(rootfs)
    const [first, second] = [await scan(['-o', 'json', target]), await scan(['-o', 'json', target])]
    expect(second?.stdout).toBe(first?.stdout)
  })

  test('is whole when the exit code is 1', async () => {
    const to = temporaryFolder()
    const ran = await scan(['--fail-on', 'low', '-o', `json=${to}/a.json`, temporaryFile(rootfs)])
    expect([ran.code, ran.stdout]).toEqual([1, ''])
    expect(JSON.parse(readFileSync(`${to}/a.json`, 'utf8')).packages).toHaveLength(4)
  })

  const colours: [env: Record<string, string>, coloured: boolean][] = [
    [{}, false],
    [{FORCE_COLOR: '1'}, true],
    [{FORCE_COLOR: '0'}, false],
    [{FORCE_COLOR: '1', NO_COLOR: '1'}, false],
  ]
  for (const [env, coloured] of colours) {
    test(`colour with ${JSON.stringify(env)}: ${coloured}`, async () => {
      const ran = await scan([temporaryFile(rootfs)], {env})
      expect(ran.stdout.includes('\x1b[')).toBe(coloured)
    })
  }

  for (const [flags, code] of [
    [[], 0],
    [['--fail-on', 'low', '--quiet'], 1],
  ] as const) {
    test(`| head keeps the exit code ${code}`, async () => {
      const many = Array.from({length: 20_000}, (_, index) => apkRecord({name: `package-${index}`, version: '1-r0'}))
      const target = temporaryFile(tarOf([...smallSystem, file('lib/apk/db/installed', many.join(''))]))
      const ran = await scan(['-o', 'json', ...flags, target], {closeAfterBytes: 1})
      expect([ran.code, ran.stderr]).toEqual([code, ''])
    })
  }
})

describe.concurrent('systems without advisories', () => {
  const database = file('lib/apk/db/installed', apkRecord({name: 'busybox', version: '1-r0'}))
  const release = (text: string): TarItem[] => [folder('etc'), file('etc/os-release', text), database]
  const systems: [name: string, items: TarItem[], said: RegExp][] = [
    ['Wolfi', release('ID=wolfi\nPRETTY_NAME=Wolfi\n'), /Wolfi/],
    ['Chainguard', release('ID=chainguard\nPRETTY_NAME=Chainguard\n'), /Chainguard/],
    ['OpenWrt', release('ID=openwrt\nPRETTY_NAME="OpenWrt 24.10"\n'), /OpenWrt 24\.10/],
    [
      'postmarketOS',
      release('ID=postmarketos\nID_LIKE=alpine\nPRETTY_NAME="postmarketOS edge"\n'),
      /postmarketOS edge/,
    ],
    ['a branch without data', release('ID=alpine\nVERSION_ID=3.98.0\n'), /Alpine v3\.98/],
    ['edge without data', release('ID=alpine\nVERSION_ID=3.22.0_alpha20250108\n'), /edge/],
    ['no release at all', [database], /os-release/],
  ]
  for (const [name, items, said] of systems) {
    test(`${name}: every format says that packages were not checked`, async () => {
      const to = temporaryFolder()
      const target = temporaryFile(tarOf(items))
      const ran = await scan(['-o', 'table', '-o', `json=${to}/a.json`, '-o', `sarif=${to}/a.sarif`, target])
      expect([ran.code, ran.stderr]).toEqual([0, expect.stringMatching(noLine)])
      expect(oneLine(ran.stdout)).toMatch(/not checked for vulnerabilities/)
      expect(oneLine(ran.stdout)).toMatch(said)
      const report = JSON.parse(readFileSync(`${to}/a.json`, 'utf8'))
      expect(report.complete).toBe(false)
      expect(report.notice.join(' ')).toMatch(/not checked for vulnerabilities/)
      expect(report.warnings.map(({message}: {message: string}) => message).join(' ')).toMatch(said)
      expect(readFileSync(`${to}/a.sarif`, 'utf8')).toMatch(/not checked for vulnerabilities/)
      expect((await scan(['--strict', target])).code).toBe(2)
    })
  }

  test('a system without apk, but with programs', async () => {
    const items = [
      file('etc/os-release', 'ID=debian\nPRETTY_NAME="Debian 12"\n'),
      ...smallSystem.filter(({name}) => String(name).includes('ld-musl')),
    ]
    const ran = await scan([temporaryFile(tarOf(items))])
    expect(ran.code).toBe(0)
    expect(oneLine(ran.stdout)).toMatch(/Debian 12/)
    expect(oneLine(ran.stdout)).toMatch(/No apk package was found/)
  })
})

describe.concurrent('what cannot be done is one line and exit code 2', () => {
  const broken = {
    archive: () => temporaryFile(dockerArchive(image).subarray(0, 3000), 'broken.tar'),
    gzip: () => temporaryFile(gzipSync(rootfs, {level: 0}).fill(0xff, 4000, 4100), 'broken.tar'),
    cut: () => temporaryFile(gzipSync(rootfs).subarray(0, 200), 'broken.tar'),
    digest: () => {
      const files = ociFiles(image)
      const largest = [...files].sort(([, a], [, b]) => b.length - a.length)[0]?.[0] ?? ''
      files.set(largest, Buffer.from(files.get(largest) ?? []).fill('!', 2000, 2010))
      return writeFiles(join(temporaryFolder(), 'broken.tar'), files)
    },
  }
  const good = () => temporaryFile(rootfs)
  const cases: [name: string, args: () => string[], said: RegExp][] = [
    ['no target', () => [], /there is no target/],
    ['two targets', () => [good(), good()], /Unexpected argument/],
    ['an unknown flag', () => ['--bogus', good()], /Nonexistent flag: --bogus/],
    ['an unknown check', () => ['--check', 'bad', good()], /--check=bad/],
    ['nothing left to check', () => ['--check', 'image', '--skip', 'image', good()], /leave nothing to check/],
    ['an unknown format', () => ['-o', 'bogus', good()], /no output format "bogus".*table, json, sarif/],
    ['a format without a file', () => ['-o', 'json=', good()], /names no file/],
    ['two reports to standard output', () => ['-o', 'json', '-o', 'table', good()], /two reports.*standard output/],
    ['two reports to one file', () => ['-o', 'json=/tmp/a', '-o', 'sarif=/tmp/./a', good()], /two reports.*\/tmp\/a/],
    [
      'a report into a folder that is not there',
      () => ['-o', 'json=/nonexistent/a.json', good()],
      /cannot write \/nonexistent\/a\.json/,
    ],
    ['a report over a folder', () => ['-o', `json=${temporaryFolder()}`, good()], /it is a folder/],
    ['a platform that is none', () => ['--platform', 'a/b/c/d', good()], /is not os\/architecture/],
    [
      'a platform that is not there',
      () => ['--platform', 'linux/s390x', temporaryFile(ociArchive(image))],
      /no image for linux\/s390x.*linux\/amd64/,
    ],
    ['a target that is not there', () => ['./nothing.tar'], /\.\/nothing\.tar does not exist/],
    ['an image of a registry, without network', () => ['--offline', 'nothing:latest'], /nothing:latest.*--offline/],
    ['an empty target', () => [''], /no target/],
    ['an unknown tag', () => [`docker-archive:${temporaryFile(dockerArchive(image))}:2.0`], /no image 2\.0.*app:1\.0/],
    ['a folder without anything known', () => [temporaryFolder()], /nothing that piton knows/],
    ['an empty file', () => [temporaryFile('', 'broken.tar')], /broken\.tar is empty/],
    ['a file that is no archive', () => [temporaryFile('hello\n', 'broken.tar')], /broken\.tar is not a tar archive/],
    ['a cut archive', () => [broken.archive()], /broken\.tar/],
    ['a damaged gzip stream', () => [broken.gzip()], /broken\.tar/],
    ['a cut gzip stream', () => [broken.cut()], /broken\.tar: the gzip stream is damaged/],
    ['a wrong digest', () => [broken.digest()], /broken\.tar is sha256:[0-9a-f]{64}, but it should be sha256:/],
    ['a device', () => ['/dev/null'], /not a regular file/],
  ]
  for (const [name, args, said] of cases) {
    test(name, async () => {
      const ran = await scan(args())
      expect(ran.code).toBe(2)
      expect(ran.stderr).toMatch(oneErrorLine)
      expect(ran.stderr).toMatch(said)
      expect(ran.stdout).toBe('')
    })
  }

  test('a database that is none', async () => {
    const ran = await piton(['scan', '--db', temporaryFolder(), good()])
    expect([ran.code, ran.stdout]).toEqual([2, ''])
    expect(ran.stderr).toMatch(/^piton: \S+ is not an advisory database[^\n]*\n$/)
  })

  test('a --fail-on that is none, with a mark under the wrong word', async () => {
    const ran = await piton(['scan', '--fail-on', 'high:laoded', good()])
    expect([ran.code, ran.stdout]).toEqual([2, ''])
    expect(ran.stderr).toBe(
      'piton: --fail-on: "laoded" is no condition. Did you mean loaded?\n  high:laoded\n       ^^^^^^\n',
    )
  })

  test('why a gate fails stands on standard error', async () => {
    const ran = await scan(['--fail-on', 'critical', good()])
    expect([ran.code, ran.stderr]).toEqual([
      1,
      `piton: --fail-on critical: 1 finding fails it: ${criticalID} in openssl (critical).\n`,
    ])
  })

  test('a day that is none', async () => {
    const ran = await piton(['scan', '--at', '2026-02-30', good()])
    expect([ran.code, ran.stderr]).toEqual([2, 'piton: --at "2026-02-30" is not a day. Write it as 2026-01-31.\n'])
  })

  test('a pipe is not waited for', async () => {
    const pipe = join(temporaryFolder(), 'pipe')
    execFileSync('mkfifo', [pipe])
    const ran = await scan([pipe])
    expect(ran.code).toBe(2)
    expect(ran.stderr).toMatch(/^piton: \S+ is not a regular file[^\n]*\n$/)
  })

  test('no report is left behind', async () => {
    const to = temporaryFolder()
    expect((await scan(['-o', `json=${to}/a.json`, broken.archive()])).code).toBe(2)
    expect(readdirSync(to)).toEqual([])
  })

  test('an older report stays when there is no new one', async () => {
    const to = writeFiles(temporaryFolder(), [['a.json', 'old']])
    expect((await scan(['-o', `json=${to}/a.json`, broken.archive()])).code).toBe(2)
    expect(readFileSync(`${to}/a.json`, 'utf8')).toBe('old')
  })

  test('a name that a terminal would obey is shown, not obeyed', async () => {
    const ran = await scan(['./\x1b[31mred\n.tar'])
    expect(ran.stderr).toMatch(oneErrorLine)
    expect(ran.stderr).toContain('\\u{1b}[31mred\\u{a}.tar')
    expect(ran.stderr).not.toMatch(terminalCommands)
  })

  test('a folder with nothing known is a report with --allow-empty', async () => {
    const report = reportOf(await scan(['--allow-empty', '-o', 'json', temporaryFolder()]))
    expect([report.packages, report.findings.filter(({family}) => family === 'vulnerability')]).toEqual([[], []])
  })

  test('--debug adds where it came from, escaped', async () => {
    const ran = await scan(['--debug', './nothing.tar'])
    expect(ran.code).toBe(2)
    expect(ran.stderr).toMatch(/^piton: \.\/nothing\.tar does not exist.*\n.*SourceError/m)
  })
})

describe.concurrent('a folder', () => {
  test('is read without following links out of it', async () => {
    const root = unpacked(smallSystem)
    const outside = writeFiles(temporaryFolder(), [['installed', apkRecord({name: 'outside', version: '1-r0'})]])
    rmSync(join(root, 'lib/apk/db/installed'))
    symlinkSync(join(outside, 'installed'), join(root, 'lib/apk/db/installed'))
    const report = reportOf(await scan(['-o', 'json', root]))
    expect(report.packages).toEqual([])
  })

  test('with files that may not be read is read as far as possible', async () => {
    const root = unpacked(smallSystem)
    writeFileSync(join(root, 'etc/shadow'), 'secret')
    mkdirSync(join(root, 'root'))
    for (const closed of ['etc/shadow', 'root']) chmodSync(join(root, closed), 0)
    for (const open of ['.', '..']) chmodSync(join(root, open), 0o755)
    chmodSync(built.folder, 0o755)
    const ran = await scan(['-o', 'json', root], {unprivileged: true})
    chmodSync(join(root, 'root'), 0o755)
    const report = reportOf(ran)
    expect(report.packages.map(pkg => pkg.name).sort()).toEqual(smallPackages)
    expect(report.complete).toBe(false)
    expect(report.warnings.map(({code}) => code).sort()).toEqual(['FILE_UNREADABLE', 'FOLDER_UNREADABLE'])
  })
})

function unpacked(items: readonly TarItem[]): string {
  const files = items.filter(({type}) => type === undefined)
  return writeFiles(
    join(temporaryFolder(), 'rootfs'),
    files.map(({name, body}) => [String(name), body ?? '']),
  )
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ')
}
