import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {gunzipSync} from 'node:zlib'
import {expect, test} from 'vitest'
import {parseInstalled} from '../../src/apk/installed.js'
import {shared} from '../support/shared.js'

const database = 'lib/apk/db/installed'

/** The first file of that name in a plain ustar archive. */
function memberOf(tar: Buffer, name: string): Buffer {
  for (let at = 0; at + 512 <= tar.length; ) {
    const field = (start: number, length: number) =>
      tar.toString('latin1', at + start, at + start + length).replace(/\0.*$/s, '')
    const size = Number.parseInt(field(124, 12), 8) || 0
    if (field(0, 100).replace(/^\.\//, '') === name) return tar.subarray(at + 512, at + 512 + size)
    at += 512 + Math.ceil(size / 512) * 512
  }
  throw new Error(`no ${name}`)
}

const good = ['musl', 'busybox', 'zlib']
const hostile: [name: string, more: string[], codes: string[]][] = [
  ['ansi-names', ['\u001b[2J\u001b[31mevil'], []],
  ['bad-versions', Array.from({length: 12}, (_, i) => `v${i}`), Array(12).fill('APK_BAD_VERSION')],
  ['crlf', [], []],
  ['duplicates', ['zlib'], ['APK_DUPLICATE']],
  ['missing-fields', ['noarch-field'], ['APK_BAD_RECORD', 'APK_BAD_RECORD']],
  ['no-final-newline', [], []],
  ['proto-names', ['__proto__', 'constructor', 'toString'], []],
  ['truncated-record', [], ['APK_BAD_RECORD']],
]
const cases = shared('corpus/hostile/cases')
test.skipIf(!cases).each(hostile)('hostile: %s', (name, more, codes) => {
  const tar = readFileSync(join(cases ?? '', `apkdb-${name}.tar`))
  const {packages, warnings} = parseInstalled(memberOf(tar, database), database)
  expect(packages.map(item => item.name)).toEqual([...good, ...more])
  expect(warnings.map(({code}) => code)).toEqual(codes)
})

const rootfs = shared('corpus/rootfs')
const facts = rootfs ? readFileSync(join(rootfs, 'index.ndjson'), 'utf8').trim().split('\n') : []
test.skipIf(!rootfs)('real systems', () => {
  for (const line of facts) {
    const {file, apk_packages: count, musl, apk_tools: tools} = JSON.parse(line) as Record<string, unknown>
    const tar = gunzipSync(readFileSync(join(rootfs ?? '', String(file))))
    const {packages, warnings} = parseInstalled(memberOf(tar, database), database)
    expect(warnings).toEqual([])
    expect(packages).toHaveLength(Number(count))
    const versions = new Map(packages.map(({name, version}) => [name, version]))
    expect([versions.get('musl'), versions.get('apk-tools')]).toEqual([musl, tools])
    for (const {files, origin, architecture} of packages) {
      expect([origin, architecture]).not.toContain('')
      for (const {path, checksum} of files)
        expect([path, checksum?.hex]).toEqual([path, expect.stringMatching(/^[0-9a-f]{40}$/)])
    }
  }
})
