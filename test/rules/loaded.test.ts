import {expect, test} from 'vitest'
import {loadedTest} from '../../src/rules/loaded.js'
import {elfFileOf, scriptOf} from '../support/facts.js'

const loaded = {
  command: ['app'],
  program: 'usr/bin/app',
  files: ['app/node_modules/x/y.node', 'start.sh', 'usr/bin/app'],
  packages: ['libssl3', 'app'],
  reason: null,
}
const facts = {
  loaded,
  elfFiles: [
    elfFileOf({path: 'usr/bin/app'}),
    elfFileOf({path: 'usr/bin/app-1.2', sameAs: 'usr/bin/app'}),
    elfFileOf({path: 'usr/bin/other'}),
  ],
  scripts: [scriptOf({path: 'start.sh'}), scriptOf({path: 'other.sh'})],
}
const openssl = [
  {name: 'libcrypto3', version: '1'},
  {name: 'libssl3', version: '1'},
]
const zlib = [{name: 'zlib', version: '1'}]

type Case = [
  name: string,
  family: 'vulnerability' | 'hardening' | 'image',
  path: string,
  packages: typeof zlib,
  loaded: boolean | null,
]
const cases: Case[] = [
  ['one of the packages of a vulnerability', 'vulnerability', 'lib/apk/db/installed', openssl, true],
  ['another package', 'vulnerability', 'lib/apk/db/installed', zlib, false],
  ['a file', 'hardening', 'usr/bin/app', [], true],
  ['another name of the file', 'hardening', 'usr/bin/app-1.2', [], true],
  ['another file of a loaded package', 'hardening', 'usr/bin/other', openssl, false],
  ['a script', 'image', 'start.sh', [], true],
  ['another script', 'image', 'other.sh', [], false],
  ['a folder with a file that is loaded', 'image', 'app/node_modules/x', [], true],
  ['a file of a package that is no program', 'image', 'etc/ssl/openssl.cnf', openssl, true],
  ['what is neither file nor package', 'image', 'etc/os-release', [], null],
]
for (const [name, family, path, packages, expected] of cases) {
  const draft = {
    message: '',
    evidence: '',
    at: {path, layer: 0},
    packages,
    fix: {text: '', command: null},
    identity: [],
  }
  test(`loaded: ${name}`, () => expect(loadedTest(facts)(draft, {family})).toBe(expected))

  test(`loaded: ${name}, where not all could be followed`, () => {
    const partly = {...facts, loaded: {...loaded, reason: 'npm starts what its own configuration names'}}
    expect(loadedTest(partly)(draft, {family})).toBe(expected === true ? true : null)
  })

  test(`loaded: ${name}, where nothing says what is started`, () => {
    expect(loadedTest({...facts, loaded: null})(draft, {family})).toBeNull()
  })
}
