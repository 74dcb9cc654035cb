import {readFileSync, rmSync} from 'node:fs'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {criticalID, tinyDatabase} from '../support/database.js'
import {temporaryFile, temporaryFolder, writeFiles} from '../support/files.js'
import {piton, type Ran} from '../support/piton.js'
import {smallSystem} from '../support/small-system.js'
import {tarOf} from '../support/tar.js'

let built = {folder: '', feeds: '', database: ''}
beforeAll(async () => {
  built = await tinyDatabase()
})
afterAll(() => rmSync(built.folder, {recursive: true, force: true}))

const rootfs = tarOf(smallSystem)

/** `piton scan` in a folder with this configuration. */
function scan(config: string, args: readonly string[] = [], env: Record<string, string> = {}): Promise<Ran> {
  const cwd = writeFiles(temporaryFolder(), [['.piton.yaml', config]])
  const usual = {PITON_DB: built.database, PITON_AT: '2026-01-20'}
  return piton(['scan', ...args, temporaryFile(rootfs)], {cwd, env: {...usual, ...env}})
}

describe.concurrent('a flag goes before the environment, that before the configuration, that before what is usual', () => {
  const cases: [config: string, env: Record<string, string>, args: string[], said: string, code: number][] = [
    ['', {}, [], 'fail-on = "none" (default)', 0],
    ['fail-on: critical\n', {}, [], 'fail-on = "critical" (.piton.yaml:1)', 1],
    ['fail-on: critical\n', {PITON_FAIL_ON: 'none'}, [], 'fail-on = "none" (PITON_FAIL_ON)', 0],
    ['fail-on: none\n', {PITON_FAIL_ON: 'none'}, ['--fail-on', 'critical'], 'fail-on = "critical" (flag)', 1],
    // The flag has the value that it would have anyway, and is given all the same.
    ['fail-on: critical\n', {}, ['--fail-on', 'none'], 'fail-on = "none" (flag)', 0],
    ['fail-on: critical\n', {PITON_FAIL_ON: ''}, [], 'fail-on = "critical" (.piton.yaml:1)', 1],
    ['progress: false\n', {}, [], 'progress = false (.piton.yaml:1)', 0],
    ['progress: false\n', {PITON_PROGRESS: 'yes'}, [], 'progress = true (PITON_PROGRESS)', 0],
    ['', {PITON_SKIP: 'hardening, musl'}, [], 'skip = ["hardening","musl"] (PITON_SKIP)', 0],
    ['fail-on: low\nprofiles: {a: {fail-on: none}}\n', {PITON_PROFILE: 'a'}, [], 'fail-on = "none" (.piton.yaml:2)', 0],
    ['fail-on: low\n', {PITON_CONFIG: 'other.yaml'}, ['--config', ''], 'configuration: none', 0],
  ]
  for (const [config, env, args, said, code] of cases) {
    test(JSON.stringify([config, env, args]), async () => {
      const ran = await scan(config, ['--debug', ...args], env)
      expect(ran.stderr).toContain(`piton: ${said}\n`)
      expect(ran.code).toBe(code)
    })
  }
})

describe.concurrent('what a configuration does', () => {
  test('an ignore takes a finding out of the gate, and stands in the JSON report with its reason', async () => {
    const config = `fail-on: critical\nignore:\n  - rule: ${criticalID}\n    reason: Not reachable.\n    expires: 2026-01-31\n`
    const green = await scan(config, ['-o', 'json'])
    expect([green.code, green.stderr]).toEqual([0, ''])
    const {findings, warnings} = JSON.parse(green.stdout)
    expect(warnings).toEqual([])
    const ignored = findings.find(({rule}: {rule: string}) => rule === criticalID)
    expect(ignored.suppressed).toEqual({
      by: 'ignore',
      reason: 'Not reachable.',
      expires: '2026-01-31',
      justification: null,
      from: '.piton.yaml:3',
    })
  })

  test('an ignore that is over lets the gate fail, and says why', async () => {
    const config = `fail-on: critical\nignore:\n  - rule: ${criticalID}\n    reason: Not reachable.\n    expires: 2026-01-31\n`
    const red = await scan(config, ['--at', '2026-02-01'])
    expect(red.code).toBe(1)
    expect(red.stdout.replace(/\s+/g, ' ')).toContain(
      `.piton.yaml:3: the ignore of ${criticalID} expired on 2026-01-31; 1 finding counts again. Its reason was: Not reachable.`,
    )
  })

  test('rules are switched off, and made better or worse', async () => {
    const config = `rules:\n  PT1001: off\n  ${criticalID}: low\n`
    const ran = await scan(config, ['-o', 'json'])
    const {findings} = JSON.parse(ran.stdout)
    const rules = findings.map(({rule}: {rule: string}) => rule)
    expect(rules).not.toContain('PT1001')
    expect(findings.find(({rule}: {rule: string}) => rule === criticalID)).toMatchObject({
      severity: 'low',
      ownSeverity: 'critical',
    })
  })

  test('limits hold', async () => {
    const ran = await scan('limits:\n  entries: 2\n')
    expect(ran.code).toBe(2)
    expect(ran.stderr).toMatch(/there are more than 2 entries/)
  })

  test('limits hold from the command line before the environment, and that before the file', async () => {
    const ran = await scan('limits:\n  entries: 100000\n  elf-files: 1000\n', ['--limit', 'entries=2'])
    expect(ran.stderr).toMatch(/there are more than 2 entries/)
    const wide = await scan('limits:\n  entries: 2\n', ['--limit', 'entries=100000', '--limit=memory=64MiB'])
    expect([wide.code, wide.stderr]).toEqual([0, ''])
    const named = await scan('', [], {PITON_LIMIT: 'memory=64MiB,entries=3'})
    expect(named.stderr).toMatch(/there are more than 3 entries/)
  })

  test('a variable that nearly is one of ours is a warning', async () => {
    const ran = await scan('', [], {PITON_FAILON: 'high'})
    expect(ran.stdout.replace(/\s+/g, ' ')).toMatch(/PITON_FAILON, which sets nothing: PITON_FAIL_ON does/)
  })
})

describe.concurrent('what is wrong is a sentence, a mark and exit code 2', () => {
  const cases: [name: string, run: () => Promise<Ran>, said: RegExp][] = [
    [
      'a key',
      () => scan('fail_on: high\n'),
      /^piton: \.piton\.yaml:1:1: unknown key "fail_on"\. Did you mean fail-on\?\n {2}fail_on: high\n {2}\^{7}\n$/,
    ],
    [
      'a value',
      () => scan('severity: hihg\n'),
      /^piton: \.piton\.yaml:1:11: "hihg" is none of .* Did you mean high\?\n/,
    ],
    [
      'a variable',
      () => scan('', [], {PITON_FAIL_ON: 'high:kve'}),
      /^piton: PITON_FAIL_ON: "kve" is no condition\. Did you mean kev\?\n {2}high:kve\n {7}\^{3}\n$/,
    ],
    [
      'a truth',
      () => scan('', [], {PITON_OFFLINE: 'perhaps'}),
      /^piton: PITON_OFFLINE="perhaps" is neither true nor false/,
    ],
    [
      'a file that is not there',
      () => scan('', ['--config', 'nothing.yaml']),
      /^piton: there is no configuration nothing\.yaml/,
    ],
    ['a folder', () => scan('', ['--config', '.']), /^piton: cannot read \.: it is no file/],
    [
      'a profile',
      () => scan('profiles: {release: {}}\n', ['--profile', 'relaese']),
      /no profile "relaese"\. Did you mean release\?/,
    ],
    [
      'a profile of nothing',
      () => scan('', ['--config', '', '--profile', 'a']),
      /--profile a: there is no configuration/,
    ],
  ]
  for (const [name, run, said] of cases) {
    test(name, async () => {
      const ran = await run()
      expect([ran.code, ran.stdout]).toEqual([2, ''])
      expect(ran.stderr).toMatch(said)
    })
  }

  test('two configurations', async () => {
    const cwd = writeFiles(temporaryFolder(), [
      ['.piton.yaml', ''],
      ['.piton.yml', ''],
    ])
    const ran = await piton(['scan', temporaryFile(rootfs)], {cwd})
    expect([ran.code, ran.stderr]).toEqual([2, 'piton: there are both .piton.yaml and .piton.yml. Keep one of them.\n'])
  })
})

describe.concurrent('piton config', () => {
  test('init writes a configuration that is in order, and never writes over one', async () => {
    const cwd = temporaryFolder()
    const first = await piton(['config', 'init'], {cwd})
    expect([first.code, first.stdout, first.stderr]).toEqual([0, 'Wrote .piton.yaml. Next: piton scan TARGET\n', ''])
    const written = readFileSync(join(cwd, '.piton.yaml'), 'utf8')
    const again = await piton(['config', 'init'], {cwd})
    expect([again.code, again.stderr]).toEqual([
      2,
      'piton: .piton.yaml is there already. Edit it, or remove it first. piton config check looks at it.\n',
    ])
    expect(readFileSync(join(cwd, '.piton.yaml'), 'utf8')).toBe(written)
    const check = await piton(['config', 'check'], {cwd})
    expect([check.code, check.stdout, check.stderr]).toEqual([
      0,
      '.piton.yaml is in order: 1 setting, 0 severities, 0 ignores.\n',
      '',
    ])
  })

  test('check says everything that is wrong', async () => {
    const cwd = writeFiles(temporaryFolder(), [['c.yaml', 'fail_on: high\nseverity: hihg\nignore:\n  - rule: CVE-1\n']])
    const ran = await piton(['config', 'check', '--config', 'c.yaml'], {cwd})
    expect([ran.code, ran.stdout]).toEqual([2, ''])
    expect(ran.stderr.match(/^piton: c\.yaml:\d+:\d+/gm)).toEqual([
      'piton: c.yaml:1:1',
      'piton: c.yaml:2:11',
      'piton: c.yaml:4:5',
    ])
  })

  test('check of nothing', async () => {
    const ran = await piton(['config', 'check'], {cwd: temporaryFolder()})
    expect([ran.code, ran.stdout]).toEqual([2, ''])
    expect(ran.stderr).toMatch(/^piton: there is no \.piton\.yaml in this folder/)
  })
})
