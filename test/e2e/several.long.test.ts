import {readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import Ajv2020 from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import {SaxesParser} from 'saxes'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {releaseFiles} from '../support/alpine.js'
import {criticalID, tinyDatabase} from '../support/database.js'
import {temporaryFile, temporaryFolder, writeFiles} from '../support/files.js'
import {dockerArchive, ociFiles} from '../support/images.js'
import {validateSARIF} from '../support/multitool.js'
import {piton, type Ran, type RunOptions} from '../support/piton.js'
import {smallSystem} from '../support/small-system.js'
import {file, tarOf} from '../support/tar.js'

const layers = [tarOf(smallSystem)]

let built = {folder: '', feeds: '', database: ''}
beforeAll(async () => {
  built = await tinyDatabase()
})
afterAll(() => rmSync(built.folder, {recursive: true, force: true}))

const scan = (args: readonly string[], options?: RunOptions): Promise<Ran> =>
  piton(['scan', '--db', built.database, '--at', '2026-01-20', ...args], options)

/** Two versions of one image, a root file system, and two that fail. */
function listed() {
  const folder = writeFiles(temporaryFolder(), [
    ['one.tar', dockerArchive({layers, tags: ['shop:1.0']})],
    ['two.tar', dockerArchive({layers, tags: ['shop:2.0']})],
    ['rootfs.tar', tarOf(smallSystem)],
    ['text.tar', 'hello'],
  ])
  const lines = [
    '# what the shop runs',
    '',
    'one.tar',
    '  two.tar  ',
    'rootfs.tar',
    'one.tar',
    'missing.tar',
    'text.tar',
  ]
  writeFileSync(join(folder, 'list.txt'), `\ufeff${lines.join('\r\n')}\r\n`)
  return {folder, list: ['--from', 'list.txt'], good: ['one.tar', 'two.tar', 'rootfs.tar'].join('\n')}
}

describe.concurrent('one report for several targets', () => {
  test('as a table: a section for each, and what became of all', async () => {
    const {folder, list} = listed()
    const ran = await scan(list, {cwd: folder})
    expect(ran.code).toBe(2)
    expect(ran.stdout.match(/^piton \S+: .*$/gm)?.map(line => line.replace(/^\S+ \S+ /, ''))).toEqual([
      'docker-archive:one.tar',
      'docker-archive:two.tar',
      'rootfs:rootfs.tar',
    ])
    expect(ran.stdout).toMatch(/TARGET +CRITICAL +HIGH +MEDIUM +LOW +NOTE\n +one\.tar +1 +1 +1 +0 +0\n/)
    expect(ran.stdout).toMatch(/5 targets: 3 scanned, 2 failed\. 9 findings: 3 critical, 3 high, 3 medium\.\n$/)
    expect(ran.stderr.split('\n')).toEqual([
      expect.stringMatching(/^piton: missing\.tar does not exist\. Check the path/),
      expect.stringMatching(/^piton: text\.tar is not a tar archive/),
      '',
    ])
  })

  test('as JSON, as its schema has it', async () => {
    const {folder, list} = listed()
    const ran = await scan([...list, '-o', 'json', '--jobs', '3'], {cwd: folder})
    const whole = JSON.parse(ran.stdout)
    const ajv = new Ajv2020.default({allErrors: true})
    addFormats.default(ajv)
    const schema = (name: string) => JSON.parse(readFileSync(new URL(`../../data/${name}`, import.meta.url), 'utf8'))
    ajv.addSchema(schema('report.schema.json'))
    const validate = ajv.compile(schema('reports.schema.json'))
    expect([validate(whole), validate.errors]).toEqual([true, null])
    const alone = await scan(['-o', 'json', 'two.tar'], {cwd: folder})
    expect(whole.reports[1]).toEqual(JSON.parse(alone.stdout))
    expect(whole.failures.map(({target, code}: {target: string; code: string}) => [target, code])).toEqual([
      ['missing.tar', 'SOURCE_NOT_FOUND'],
      ['text.tar', 'SOURCE_UNKNOWN'],
    ])
  })

  test('as SARIF: a run for each, told apart, and none for what failed', async () => {
    const {folder, list} = listed()
    await scan([...list, '-o', 'sarif=all.sarif'], {cwd: folder})
    const text = readFileSync(join(folder, 'all.sarif'), 'utf8')
    const {runs} = JSON.parse(text)
    expect(runs.map((run: {automationDetails: {id: string}}) => run.automationDetails.id)).toEqual([
      'piton/shop/linux-amd64/one.tar/',
      'piton/shop/linux-amd64/two.tar/',
      'piton/rootfs/',
    ])
    expect(validateSARIF(text)).toEqual([])
  })

  test('as JUnit: the suites of each, and an error for what failed', async () => {
    const {folder, list} = listed()
    await scan([...list, '-o', 'junit=all.xml'], {cwd: folder})
    const suites: Record<string, string>[] = []
    const parser = new SaxesParser()
    parser.on('opentag', ({name, attributes}) => {
      if (name.startsWith('testsuite')) suites.push(attributes as Record<string, string>)
    })
    parser.write(readFileSync(join(folder, 'all.xml'), 'utf8')).close()
    const [root, ...rest] = suites
    const sum = (name: string) => String(rest.reduce((total, suite) => total + Number(suite[name]), 0))
    expect(root).toEqual({
      name: 'piton',
      tests: sum('tests'),
      failures: sum('failures'),
      errors: '2',
      skipped: sum('skipped'),
    })
    expect(rest.map(suite => suite['name'])).toContain('two.tar: vulnerability')
    expect(rest.map(suite => suite['name'])).toContain('missing.tar: scan')
  })

  test('as Markdown: a table, then as many as fit into a comment', async () => {
    const {folder, list} = listed()
    await scan([...list, '-o', 'markdown=all.md'], {cwd: folder})
    const text = readFileSync(join(folder, 'all.md'), 'utf8')
    expect(text).toMatch(/^## piton\n\n5 targets: 3 scanned, 2 failed/)
    expect(text).toContain('| `one.tar` | 1 | 1 | 1 | 0 | 0 |  |')
    expect(text).toMatch(/\| `missing\.tar` \|.*failed: missing\.tar does not exist/)
    expect(text.match(/^## piton: 3 findings in/gm)).toHaveLength(3)
    expect(text).toContain(criticalID)
    expect(Buffer.byteLength(text)).toBeLessThan(65_536)
  })

  test('several formats at once', async () => {
    const {folder, list} = listed()
    const ran = await scan([...list, '-o', 'table', '-o', 'json=all.json'], {cwd: folder})
    expect(ran.stdout).toContain('5 targets')
    expect(JSON.parse(readFileSync(join(folder, 'all.json'), 'utf8')).reports).toHaveLength(3)
  })
})

describe.concurrent('the exit code for several targets', () => {
  const codes: [name: string, flags: string[], code: number][] = [
    ['done', [], 0],
    ['a finding is as bad as that', ['--fail-on', 'critical'], 1],
    ['no finding is', ['--fail-on', 'critical', '--check', 'image'], 0],
    ['a warning, strictly', ['--strict'], 0],
  ]
  for (const [name, flags, code] of codes) {
    test(`${name}: ${code}`, async () => {
      const {folder, good} = listed()
      const ran = await scan(['--from', '-', ...flags], {cwd: folder, stdin: Buffer.from(good)})
      expect([ran.code, ran.stderr]).toEqual([code, ''])
    })
  }

  test('what failed counts more than what was found', async () => {
    const {folder, list} = listed()
    expect((await scan([...list, '--fail-on', 'low'], {cwd: folder})).code).toBe(2)
  })

  test('a warning of one of them, strictly: 2', async () => {
    const {folder} = listed()
    const stdin = Buffer.from(
      `one.tar\n${temporaryFile(tarOf([...releaseFiles('3.19.0'), file('lib/apk/db/installed', 'P:broken\n\n')]))}\n`,
    )
    const ran = await scan(['--from', '-', '--strict'], {cwd: folder, stdin})
    expect([ran.code, ran.stderr]).toEqual([2, expect.stringMatching(/^piton: \S+: 1 warning, and --strict/)])
  })
})

describe.concurrent('a folder of images', () => {
  test('every file is a target, and so is an OCI layout; what is none is passed over', async () => {
    const folder = writeFiles(temporaryFolder(), [
      ['b.tar', dockerArchive({layers, tags: ['b:1']})],
      ['a.tar', tarOf(smallSystem)],
      ['README', 'images of the shop'],
      ['.hidden', 'x'],
      ['other/c.tar', 'not looked at'],
      ...[...ociFiles({layers})].map(([path, body]) => [`layout/${path}`, body] as const),
    ])
    const ran = await scan(['--from', folder, '-o', 'json'])
    expect(ran.code).toBe(0)
    expect(ran.stderr).toMatch(/^piton: \S+README is not a tar archive[^\n]*: passed over\n$/)
    const {reports, passedOver, failures} = JSON.parse(ran.stdout)
    const references = reports.map(({target}: {target: {reference: string}}) => target.reference)
    expect(references).toEqual([`rootfs:${folder}/a.tar`, `docker-archive:${folder}/b.tar`, `oci:${folder}/layout`])
    expect([passedOver, failures]).toEqual([[join(folder, 'README')], []])
    expect((await scan(['--from', folder, '--strict', '-q'])).code).toBe(2)
  })

  test('in which no scheme and no standard input hides', async () => {
    const folder = writeFiles(temporaryFolder(), [
      ['docker:app', tarOf(smallSystem)],
      ['-', tarOf(smallSystem)],
    ])
    const ran = await scan(['--from', '.', '-o', 'json'], {cwd: folder})
    expect([ran.code, ran.stderr]).toEqual([0, ''])
    expect(JSON.parse(ran.stdout).reports).toHaveLength(2)
  })

  test('in which there is none', async () => {
    const folder = writeFiles(temporaryFolder(), [['README', 'x']])
    const ran = await scan(['--from', folder])
    expect([ran.code, ran.stdout]).toEqual([2, ''])
    expect(ran.stderr).toMatch(/none of 1 file in .* is an image/)
  })
})

describe.concurrent('refused', () => {
  const many = (count: number) => Array.from({length: count}, (_, index) => `app${index}.tar`).join('\n')
  const refusals: [name: string, args: (folder: string) => string[], message: RegExp][] = [
    ['a target and a list', folder => ['--from', join(folder, 'list.txt'), 'app.tar'], /cannot both be given/],
    ['neither', () => [], /there is no target\. Write piton scan TARGET/],
    ['a list that is not there', folder => ['--from', join(folder, 'no.txt')], /no\.txt does not exist/],
    ['a list of nothing', () => ['--from', temporaryFile('# none\n')], /names no target/],
    ['a list that is none', () => ['--from', temporaryFile(Buffer.alloc(2_000_000, 'x'))], /it is no list of targets/],
    ['a folder of nothing', () => ['--from', temporaryFolder()], /has no file in it/],
    ['more than are scanned', () => ['--from', temporaryFile(many(1001))], /names 1001 targets; 1000 is the limit/],
    [
      'more runs than GitHub takes',
      () => ['--from', temporaryFile(many(21)), '-o', 'sarif=/tmp/x.sarif'],
      /takes 20 targets/,
    ],
    [
      'a report of one target',
      folder => ['--from', join(folder, 'list.txt'), '-o', 'html'],
      /-o html is about one target/,
    ],
    [
      'a bill of materials',
      folder => ['--from', join(folder, 'list.txt'), '-o', 'spdx=x'],
      /-o spdx is about one target/,
    ],
    ['no jobs', folder => ['--from', join(folder, 'list.txt'), '--jobs', '0'], /jobs/],
  ]
  for (const [name, args, message] of refusals) {
    test(name, async () => {
      const {folder} = listed()
      const ran = await scan(args(folder), {cwd: folder})
      expect([ran.code, ran.stdout]).toEqual([2, ''])
      expect(ran.stderr).toMatch(message)
      expect(readdirSync(folder).filter(path => path.endsWith('.tmp'))).toEqual([])
    })
  }

  test('standard input as the list and as a target', async () => {
    const ran = await scan(['--from', '-', '-o', 'json'], {stdin: Buffer.from('-\n')})
    expect(ran.code).toBe(2)
    expect(JSON.parse(ran.stdout).failures).toMatchObject([{message: expect.stringMatching(/named twice/)}])
  })
})

test('--severity is for each of them', async () => {
  const {folder, good} = listed()
  const ran = await scan(['--from', '-', '--severity', 'critical', '-o', 'json'], {
    cwd: folder,
    stdin: Buffer.from(good),
  })
  const rules = JSON.parse(ran.stdout).reports.map(({findings}: {findings: {rule: string}[]}) =>
    findings.map(({rule}) => rule),
  )
  expect(rules).toEqual([[criticalID], [criticalID], [criticalID]])
})
