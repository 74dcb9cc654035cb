import {openDatabase} from '../../../src/advisory/database.js'
import {collectorsFor, gatherFacts} from '../../../src/facts/index.js'
import {mergeLayers} from '../../../src/rootfs/index.js'
import {apkRecord} from '../../support/alpine.js'
import {elfOf} from '../../support/elf.js'
import {layered} from '../../support/layers.js'
import {file, tarOf} from '../../support/tar.js'
import {dataFolder} from '../data-folder.js'
import {pack, unpack} from '../seeds.js'
import {type FuzzTarget, insist} from '../target.js'

/** Files of an image that are read as text, in the order of the parts of an input. */
const names = [
  'etc/os-release',
  'etc/alpine-release',
  'lib/apk/db/installed',
  'etc/apk/repositories',
  'etc/apk/world',
  'etc/debian_version',
  'var/lib/dpkg/status',
  'var/lib/dpkg/info/libc6.list',
  'etc/ld-musl-x86_64.path',
  'usr/bin/script',
  'app/node_modules/x/package.json',
  'app/x.deps.json',
  'site-packages/x-1.dist-info/RECORD',
  'site-packages/x-1.dist-info/WHEEL',
]
const database = openDatabase(dataFolder)
const library = elfOf({needed: ['libc.so.6'], sections: false}).bytes

/** The text files of a system: facts come of them, whatever they say. */
export const target: FuzzTarget = {
  name: 'texts',
  dictionary: [
    ...[
      'ID=alpine\n',
      'VERSION_ID=',
      'PRETTY_NAME="',
      "'",
      '\\',
      '\n',
      '\n\n',
      'Package: ',
      'Status: install ok installed\n',
      'Version: ',
      'Source: ',
    ],
    ...[
      '/./',
      '/..',
      '#!/usr/bin/env -S ',
      '#!/bin/sh',
      '"__proto__":',
      '"libc":["musl"]',
      '"targets":{',
      '"native":{',
      '.so,',
      'Tag: ',
      'manylinux',
    ],
    ...['P:', 'V:', 'F:', 'R:', 'http://', '@edge ', '\0', '\ufeff', '\u202e'],
  ],
  mostBytes: 16 * 1024,
  *seeds() {
    yield pack([
      'NAME="Alpine Linux"\nID=alpine\nVERSION_ID=3.19.0\nPRETTY_NAME="Alpine Linux v3.19"\n',
      '3.19.0\n',
      apkRecord({name: 'musl', version: '1.2.4-r2', files: ['lib/ld-musl-x86_64.so.1']}) +
        apkRecord({name: 'libssl3', version: '3.1.4-r2', origin: 'openssl'}),
      'https://dl-cdn.alpinelinux.org/alpine/v3.19/main\nhttp://x/edge/testing\n',
      'alpine-base\nbusybox>1\n',
    ])
    yield pack([
      'ID=debian\nVERSION_ID="12"\n',
      '',
      '',
      '',
      '',
      '12.4\n',
      'Package: libc6\nStatus: install ok installed\nArchitecture: amd64\nSource: glibc (2.36)\nVersion: 2.36-9\n\nPackage: x\nStatus: deinstall ok config-files\n',
      '/.\n/usr\n/usr/lib\n/usr/lib/libx.so\n',
      '/lib:/usr/lib\n',
      '#!/usr/bin/env -S node --x\n',
      '{"name":"x","version":"1","os":["linux"],"libc":["glibc"],"cpu":["x64"]}',
      '{"runtimeTarget":{"name":"v8/linux-x64"},"targets":{"v8":{"a/1":{"native":{"liba.so":{}}}}}}',
      'x/liba.so,sha256=x,1\n../../bin/tool,,\n',
      'Tag: cp311-cp311-manylinux_2_17_x86_64\n',
    ])
  },
  async run(input) {
    const parts = unpack(input, names.length)
    const items = names.map((name, index) => file(name, parts[index] ?? '', {mode: 0o755}))
    const native = [
      'app/node_modules/x/build/x.node',
      'app/runtimes/linux-x64/native/liba.so',
      'site-packages/x/liba.so',
    ]
    const tar = tarOf([...items, ...native.map(name => file(name, library))])
    const view = await mergeLayers(layered([tar]), collectorsFor(true), () => {})
    const options = {database, today: '2026-01-01', libc: null, move: null, integrity: true}
    const {facts, warnings} = await gatherFacts(view, options)
    insist(facts.elfFiles.length === native.length, 'the files are all there')
    for (const {message} of warnings) insist(message.length < 10_000, 'a warning is a sentence')
  },
}
