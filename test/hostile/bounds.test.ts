import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {chmodSync, mkdirSync, readdirSync, symlinkSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {gzipSync} from 'node:zlib'
import {afterEach, describe, expect, test} from 'vitest'
import {parseInstalled} from '../../src/apk/installed.js'
import {decompress} from '../../src/archive/compression.js'
import {limits, setLimits} from '../../src/model/limits.js'
import {parseConfig} from '../../src/source/config.js'
import {piton, temporaryFolder} from '../support/piton.js'

const usual = {...limits}
afterEach(() => setLimits(usual))

describe('an installed database', () => {
  const parse = (text: string) => parseInstalled(Buffer.from(text), 'db')
  const codes = (text: string) => parse(text).warnings.map(({code, hides}) => [code, hides === true])
  const long = 'x'.repeat(20_000)
  const cases: [name: string, text: string, packages: number, said: [string, boolean][]][] = [
    ['a name of 20 kB', `P:${long}\nV:1\n\n`, 0, [['APK_BAD_RECORD', true]]],
    ['a version of 20 kB', `P:a\nV:${'1'.repeat(20_000)}\n\n`, 0, [['APK_BAD_RECORD', true]]],
    ['a description of 20 kB', `P:a\nV:1\nT:${long}\n\n`, 1, [['APK_BAD_FIELD', false]]],
    ['a path of 20 kB', `P:a\nV:1\nF:usr\nR:${long}\nR:b\n\n`, 1, [['APK_BAD_FIELD', false]]],
  ]
  for (const [name, text, packages, said] of cases) {
    test(name, () => {
      expect(parse(text).packages).toHaveLength(packages)
      expect(codes(text)).toEqual(said)
    })
  }

  test('long paths of many files are bounded together', () => {
    setLimits({apkPathBytes: 1000})
    const {packages, warnings} = parse(`P:a\nV:1\nF:${'d'.repeat(300)}\n${'R:f\n'.repeat(10)}\n`)
    expect(packages[0]?.files).toHaveLength(4)
    expect(warnings).toMatchObject([
      {code: 'APK_LIMIT', message: 'db: only 4 of 10 owned files were read', hides: true},
    ])
  })
})

test('a stream that inflates more than 500 times is refused once the free part is out', async () => {
  setLimits({ratioFreeBytes: 1_000_000})
  const bomb = gzipSync(Buffer.alloc(4_000_000))
  const read = async () => {
    async function* input() {
      yield bomb
    }
    let bytes = 0
    for await (const chunk of decompress(input(), 'layer 1')) bytes += chunk.length
    return bytes
  }
  await expect(read()).rejects.toMatchObject({code: 'ARCHIVE_LIMIT'})
  setLimits({inflateRatio: 1100})
  expect(await read()).toBe(4_000_000)
})

/** Of what a fuzzer found: a sequence in the block copies far beyond its end, which a decoder in script follows for minutes. */
test('a forged zstd block ends the scan, whatever decodes it', async () => {
  const file = join(temporaryFolder(), 'forged.tar.zst')
  const block = '28b52ffd00000000000000007c000000ff0052502a4d1804005a2c0000040000000041' + '41'
  writeFileSync(file, Buffer.from(block, 'hex'))
  const {code, stderr, milliseconds} = await piton(['scan', file])
  expect(code).toBe(2)
  expect(stderr).toMatch(/^piton: .*zstd stream/)
  expect(milliseconds).toBeLessThan(20_000)
})

const lists: [name: string, config: object, where: string][] = [
  ['history', {history: new Array(10_001).fill({})}, 'c, history'],
  ['environment', {config: {Env: new Array(10_001).fill('a=b')}}, 'c, config, Env'],
  ['entrypoint', {config: {Entrypoint: new Array(10_001).fill('a')}}, 'c, config, Entrypoint'],
]
for (const [name, config, where] of lists) {
  test(`a configuration with 10,001 lines of ${name}`, () => {
    expect(() => parseConfig(Buffer.from(JSON.stringify(config)), 'c')).toThrow(
      `${where} has 10001 elements; 10000 is the limit`,
    )
  })
}

describe('paths that nobody can look at', () => {
  test('a layout whose documents are links to themselves', async () => {
    const folder = temporaryFolder()
    for (const name of ['oci-layout', 'index.json']) symlinkSync(name, join(folder, name))
    const {code, stderr} = await piton(['scan', `oci:${folder}`])
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/^piton: cannot read [^\n]*index\.json: ELOOP\. [^\n]*\n$/),
    ])
  })

  test.each(['scan', 'elf', 'diff'])('piton %s: a name that no system takes', async command => {
    const name = `/${'x'.repeat(300)}`
    const {code, stderr} = await piton([command, name, ...(command === 'diff' ? [name] : [])])
    expect([code, stderr]).toEqual([2, expect.stringMatching(/^piton: cannot read \/x{300}: ENAMETOOLONG\. [^\n]*\n$/)])
  })

  test('a folder that may be listed and not entered is named, and the rest is read', async () => {
    const folder = temporaryFolder()
    mkdirSync(join(folder, 'lib/apk/db'), {recursive: true})
    writeFileSync(join(folder, 'lib/apk/db/installed'), 'P:a\nV:1-r0\n\n')
    mkdirSync(join(folder, 'opt'))
    writeFileSync(join(folder, 'opt/f'), '')
    chmodSync(folder, 0o755)
    chmodSync(join(folder, 'opt'), 0o744)
    const {code, stdout, stderr} = await piton(['scan', '-o', 'json', folder], {unprivileged: true})
    expect([code, stderr]).toEqual([0, ''])
    const {complete, warnings, packages} = JSON.parse(stdout)
    expect([complete, packages.length]).toEqual([false, 1])
    expect(warnings).toContainEqual(expect.objectContaining({code: 'FOLDER_CHANGED', path: 'opt/f'}))
  })
})

test('a signal that comes while facts are worked out ends the scan, and no report is left', async () => {
  const folder = temporaryFolder()
  const records = Array.from({length: 100_000}, (_, at) => `P:p${at}\nV:1-r0\no:o${at}\n\n`)
  mkdirSync(join(folder, 'root/lib/apk/db'), {recursive: true})
  writeFileSync(join(folder, 'root/lib/apk/db/installed'), records.join(''))
  const program = fileURLToPath(new URL('../../bin/run.js', import.meta.url))
  const args = [program, 'scan', '--no-cache', '-o', `json=${join(folder, 'report.json')}`, join(folder, 'root')]
  const child = spawn(process.execPath, args, {stdio: 'ignore'})
  // By then it reads packages, which takes longer than a second and hears nothing.
  setTimeout(() => child.kill('SIGTERM'), 600)
  const [, signal] = await once(child, 'close')
  expect([signal, readdirSync(folder)]).toEqual(['SIGTERM', ['root']])
})
