import {readFileSync} from 'node:fs'
import {describe, expect, test} from 'vitest'
import {memorySource} from '../../src/bytes/source.js'
import {openEntry, sealEntry} from '../../src/cache/entry.js'
import {elfFile} from '../../src/facts/elf-collector.js'
import type {ElfRecord} from '../../src/facts/elf-file.js'
import {collectorsFor} from '../../src/facts/index.js'
import {cleanPath} from '../../src/model/path.js'
import type {Codec} from '../../src/model/stored.js'
import type {Entry} from '../../src/model/tree.js'
import {type LoaderObject, SymbolName} from '../../src/musl/index.js'
import {dynamicOf, info, R} from '../support/elf-dynamic.js'
import {elfFilesIn} from '../support/elf-files.js'
import {shared} from '../support/shared.js'
import {zipOf} from '../support/zip.js'

test('every collector says how what it reads is kept: else no layer with such a file would be', () => {
  expect(collectorsFor(true).filter(({codec}) => codec === undefined)).toEqual([])
})

function entryOf(path: string, size: number): Entry {
  return {path: cleanPath(path).path, type: 'file', size, mode: 0o755, uid: 0, gid: 0, linkTarget: ''}
}

/** As it comes back from a file. */
function kept<Value>(value: Value, codec: Codec<Value>): Value {
  const entry = openEntry(Buffer.concat(sealEntry('key', value, codec)), 'key', codec)
  if (entry === null) throw new Error('it cannot be read back')
  return entry.value
}

describe('what a collector reads comes back as it was', () => {
  const library = dynamicOf({defines: ['a']})
  const files: [path: string, collector: string, bytes: string | Uint8Array][] = [
    ['etc/os-release', 'smallText', 'ID=alpine\n\u0000\ufffd'],
    ['lib/apk/db/installed', 'installedDatabase', 'P:musl\nV:1.2.4-r2\n\n'],
    ['var/lib/dpkg/status', 'dpkgDatabase', 'Package: libc6\n'],
    ['usr/bin/x', 'script', '#!/bin/sh -e\n'],
    ['app/node_modules/a/package.json', 'nodeManifest', '{"name": "a", "version": "1.0.0", "libc": ["musl"]}'],
    ['x/a-1.dist-info/WHEEL', 'wheelTags', 'Tag: cp312-cp312-musllinux_1_2_x86_64\n'],
    ['x/a-1.dist-info/RECORD', 'wheelFiles', 'a/b.so,sha256=x,1\n'],
    [
      'app/app.deps.json',
      'dotnetDependencies',
      '{"runtimeTarget": {"name": "x/linux-musl-x64"}, "targets": {"t": {"p/1.0": {"native": {"a.so": {}}}}}}',
    ],
    ['app/a.jar', 'javaArchive', zipOf([{name: 'linux/x64/liba.so', body: Buffer.from(library)}])],
    ['usr/lib/liba.so', 'fileDigests', library],
  ]
  for (const [path, name, content] of files) {
    test(name, () => {
      const bytes = Buffer.from(content)
      const collector = collectorsFor(true).find(one => one.name === name)
      if (collector?.codec === undefined) throw new Error('there is no such collector')
      const value = collector.read(memorySource(bytes), entryOf(path, bytes.length), () => {})
      expect(value).toBeDefined()
      expect(plain(kept(value, collector.codec))).toEqual(plain(value))
    })
  }
})

/** Bytes of one kind, whatever holds them. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return [...value]
  if (value instanceof Map) return new Map([...value].map(([key, of]) => [key, plain(of)]))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, of]) => [key, plain(of)]))
}

describe('an ELF file comes back with all that the loader asks of it', () => {
  const made: [name: string, bytes: Uint8Array][] = [
    [
      'a library',
      dynamicOf({
        defines: ['a', {name: 'b', info: info.weak}],
        uses: [
          ['c', R.call],
          ['d', R.got],
        ],
      }),
    ],
    ['with a hash table of System V', dynamicOf({defines: ['a', 'b'], hashes: ['sysv']})],
    ['with both', dynamicOf({defines: ['a', 'b'], hashes: ['gnu', 'sysv']})],
    ['without any', dynamicOf({defines: ['a'], hashes: []})],
    [
      'with versions',
      dynamicOf({
        uses: [
          ['a', R.call, {version: ['V1', 'libx.so']}],
          ['b', R.tpoff, {info: info.tls}],
        ],
        defines: ['c'],
      }),
    ],
    ['a program', dynamicOf({interpreter: '/lib/ld-musl-x86_64.so.1', needed: ['libx.so'], uses: [['a', R.copy]]})],
    ['with run paths', dynamicOf({rpath: '/a:/b', runpath: '', defines: ['a']})],
    ['with RELR', dynamicOf({defines: ['a'], relr: [0x1000, 3]})],
    ['of s390x', dynamicOf({machine: 's390x', defines: ['a'], hashes: ['sysv'], uses: [['b', 11]]})],
    ['of arm', dynamicOf({machine: 'arm', defines: ['a'], uses: [['b', 22]]})],
    ['cut', dynamicOf({defines: ['a', 'b'], uses: [['c', R.call]]}).subarray(0, 700)],
  ]
  for (const [name, bytes] of made) test(name, () => expectSame(bytes, 'made'))

  const corpus = shared('corpus/elf/bin')
  test.skipIf(corpus === null)('the corpus', () => {
    for (const path of elfFilesIn(corpus ?? '')) expectSame(readFileSync(path), path)
  })
})

function expectSame(bytes: Uint8Array, path: string): void {
  const record = elfFile.read(memorySource(bytes), entryOf('x', bytes.length), () => {})
  if (record === undefined) return
  const back = kept(record, elfFile.codec as Codec<ElfRecord>)
  const {object: _, ...facts} = record
  const {object: __, ...same} = back
  expect([path, same]).toEqual([path, facts])
  expect([path, factsOf(back.object())]).toEqual([path, factsOf(record.object())])
}

/** What lookups in an object come to. */
function factsOf(object: LoaderObject) {
  const {exports, nameOf, versionOf, tables, references, ...rest} = object
  const symbols = (tables?.entries.length ?? 0) / (tables?.bits === 64 ? 24 : 16)
  const names = Array.from({length: Math.min(symbols, 3000)}, (_, symbol) => nameOf(symbol).text)
  return {
    ...rest,
    references,
    asked: references.slice(0, 3000).map(({symbol}) => [nameOf(symbol).text, versionOf(symbol)]),
    versions: names.map((_, symbol) => versionOf(symbol)),
    offered: [...names, 'nothing', ''].map(text => {
      const name = SymbolName.of(text)
      return [text, exports.offers(name, 'definition'), exports.offers(name, 'address')]
    }),
  }
}
