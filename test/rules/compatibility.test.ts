import {expect, test} from 'vitest'
import type {ElfFile, Facts, LoaderVerdict} from '../../src/model/facts.js'
import type {MissingLibrary, MissingSymbol} from '../../src/model/musl.js'
import {rules, rulesFor} from '../../src/rules/index.js'
import {elfFileOf, factsOf, nativeModuleOf, packageOf, releaseOf, scriptOf} from '../support/facts.js'

const glibcProgram = elfFileOf({path: 'opt/tool/bin/tool', libc: 'glibc', needed: ['libc.so.6']})
const glibcLibrary = elfFileOf({
  path: 'usr/glibc-compat/lib/libc.so.6',
  type: 'shared',
  libc: 'glibc',
  soname: 'libc.so.6',
  package: 'glibc',
})
const noBash = {kind: 'path', name: '/bin/bash', elsewhere: null} as const
const noSystem = {release: null, databasePath: null, system: {libc: 'unknown', machine: null}} as const
/** What the loader says of the add-on of {@link nativeModuleOf}. */
const verdictOf = (overrides: Partial<LoaderVerdict> = {}): LoaderVerdict => ({
  verdict: 'symbol_not_found',
  reason: null,
  interpreter: null,
  missingLibraries: [],
  missingSymbols: [],
  lazySymbols: [],
  unsupportedRelocations: [],
  closure: [],
  ignoredRunPaths: [],
  host: null,
  elsewhere: {libraries: new Set(), symbols: new Set()},
  ...overrides,
})
const addOn = (musl: LoaderVerdict, overrides: Partial<ElfFile> = {}): Partial<Facts> => {
  const path = 'app/node_modules/x/addon.node'
  const file = {...elfFileOf({path, type: 'shared', interpreter: null, libc: 'glibc'}), musl, ...overrides}
  return {nativeModules: [nativeModuleOf({files: [{path, needsGlibcLoader: false}]})], elfFiles: [file]}
}
const symbol = (name: string, glibc: boolean): MissingSymbol => {
  return {name, requiredBy: 'app/node_modules/x/addon.node', version: null, glibc, explainedBy: null}
}
const library = (name: string): MissingLibrary => {
  return {name, neededBy: 'app/node_modules/x/addon.node', failure: 'missing', found: null}
}
const onDebian = {system: {libc: 'glibc', machine: 'x86_64'}} as const
const behaviour = {
  id: 'dns',
  title: 'Names are resolved in another way',
  why: 'All servers are asked.',
  check: 'Look.',
  imports: ['getaddrinfo'],
}

/** Each finding as `severity, words of the message, command`. */
type Expected = readonly [severity: string, message: string, command?: string | null]

const cases: [rule: string, name: string, facts: Partial<Facts>, expected: readonly Expected[]][] = [
  [
    'PT3005',
    'an add-on for glibc',
    {nativeModules: [nativeModuleOf()]},
    [
      [
        'high',
        "Node package 'better-sqlite3' '11.0.0' was built for glibc, and no build for musl lies beside it. musl refuses 1 file,",
        'npm rebuild --libc=musl better-sqlite3',
      ],
    ],
  ],
  [
    'PT3005',
    'an add-on that may load',
    {nativeModules: [nativeModuleOf({files: [{needsGlibcLoader: false}]})]},
    [['medium', 'Whether musl loads it depends on the symbols that it uses: 1 file']],
  ],
  [
    'PT3005',
    'with gcompat, whose file has the name of the loader',
    {nativeModules: [nativeModuleOf()], packages: [packageOf({name: 'gcompat'})]},
    [['medium', 'Whether musl loads it']],
  ],
  ['PT3005', 'the loader says that it loads', addOn(verdictOf({verdict: 'loads'})), []],
  [
    'PT3005',
    'the loader misses a symbol of glibc',
    addOn(verdictOf({missingSymbols: [symbol('__memcpy_chk', true)]})),
    [['high', 'musl refuses 1 file']],
  ],
  [
    'PT3005',
    'a file that names no C library, and misses a symbol of glibc',
    {
      ...addOn(verdictOf({missingSymbols: [symbol('__memcpy_chk', true)]})),
      nativeModules: [nativeModuleOf({files: [{path: 'app/node_modules/x/addon.node', builtFor: 'unknown'}]})],
    },
    [['high', 'musl refuses 1 file']],
  ],
  [
    'PT3005',
    'a symbol that crashes when it is called',
    addOn(verdictOf({verdict: 'loads', lazySymbols: [symbol('__res_init', true)]})),
    [['high', 'musl refuses 1 file']],
  ],
  [
    'PT3005',
    'a symbol that whatever opens it may have',
    addOn(
      verdictOf({
        missingSymbols: [symbol('backtrace', true)],
        elsewhere: {libraries: new Set(), symbols: new Set(['backtrace'])},
      }),
    ),
    [],
  ],
  ['PT3005', 'a library that glibc has not either', addOn(verdictOf({missingLibraries: [library('libX11.so.6')]})), []],
  [
    'PT3005',
    'the loader of glibc is missing',
    addOn(verdictOf({missingLibraries: [library('ld-linux-x86-64.so.2')]})),
    [['high', 'musl refuses']],
  ],
  [
    'PT3005',
    'after a move from Debian',
    {...addOn(verdictOf({missingSymbols: [symbol('__memcpy_chk', true)]})), ...onDebian},
    [['high', 'musl refuses']],
  ],
  [
    'PT3005',
    'a package of Debian stays behind',
    {...addOn(verdictOf({missingSymbols: [symbol('__memcpy_chk', true)]}), {package: 'python3-x'}), ...onDebian},
    [],
  ],
  ['PT3005', 'on glibc', {nativeModules: [nativeModuleOf()], system: {libc: 'glibc', machine: 'x86_64'}}, []],
  ['PT3005', 'a folder', {nativeModules: [nativeModuleOf()], ...noSystem}, []],
  ['PT3005', 'with its twin', {nativeModules: [nativeModuleOf({files: [{twin: 'x.musl.node'}]})]}, []],
  ['PT3005', 'for another machine', {nativeModules: [nativeModuleOf({files: [{machine: 'aarch64'}]})]}, []],
  [
    'PT3005',
    'for a machine that nothing tells',
    {nativeModules: [nativeModuleOf({files: [{machine: null}]})]},
    [['high', 'was built']],
  ],
  ...(['musl', 'any', 'unknown'] as const).map((builtFor): (typeof cases)[number] => [
    'PT3005',
    `built for ${builtFor}`,
    {nativeModules: [nativeModuleOf({files: [{builtFor}]})]},
    [],
  ]),
  [
    'PT3005',
    'two files of one package are one finding',
    {nativeModules: [nativeModuleOf({files: [{path: 'a.node'}, {path: 'b.node'}]})]},
    [['high', "2 files, 'a.node' and 'b.node'."]],
  ],
  [
    'PT3005',
    'for a Node that is itself of glibc',
    {nativeModules: [nativeModuleOf()], elfFiles: [elfFileOf({path: 'opt/node/bin/node', libc: 'glibc'})]},
    [],
  ],
  [
    'PT3005',
    'a platform package',
    {nativeModules: [nativeModuleOf({name: '@swc/core-linux-x64-gnu', version: '1.3.0'})]},
    [['high', "'@swc/core-linux-x64-gnu'", 'npm install --no-save --force --libc=musl @swc/core-linux-x64-musl@1.3.0']],
  ],
  [
    'PT3005',
    'sharp',
    {nativeModules: [nativeModuleOf({name: '@img/sharp-linux-x64', version: '0.33.0'})]},
    [['high', "'@img/sharp-linux-x64'", 'npm install --no-save --force --libc=musl @img/sharp-linuxmusl-x64@0.33.0']],
  ],
  [
    'PT3005',
    'a name that is a command',
    {nativeModules: [nativeModuleOf({name: 'x; rm -rf /', version: '1 && x'})]},
    [['high', "'x; rm -rf /'", null]],
  ],
  [
    'PT3005',
    'a wheel',
    {nativeModules: [nativeModuleOf({ecosystem: 'python', name: 'numpy', version: '1.26.4'})]},
    [['high', 'Python package', 'pip install --force-reinstall --no-cache-dir numpy==1.26.4']],
  ],
  [
    'PT3005',
    '.NET',
    {nativeModules: [nativeModuleOf({ecosystem: 'dotnet', name: 'SkiaSharp'})]},
    [['high', '.NET package', 'dotnet publish -r linux-musl-x64']],
  ],
  [
    'PT3005',
    'a program of Rust is the interpreter rule’s',
    {
      nativeModules: [nativeModuleOf({ecosystem: 'rust', files: [{path: 'opt/tool'}]})],
      elfFiles: [elfFileOf({path: 'opt/tool', libc: 'glibc', interpreter: '/lib64/ld-linux-x86-64.so.2'})],
    },
    [],
  ],
  [
    'PT3005',
    'a library of Rust',
    {
      nativeModules: [nativeModuleOf({ecosystem: 'rust', files: [{path: 'opt/libx.so'}]})],
      elfFiles: [elfFileOf({path: 'opt/libx.so', type: 'shared', libc: 'glibc', interpreter: null})],
    },
    [['high', 'Rust library', 'cargo build --release --target x86_64-unknown-linux-musl']],
  ],

  ['PT3006', 'a script that starts', {scripts: [scriptOf()]}, []],
  [
    'PT3006',
    'no bash',
    {scripts: [scriptOf({line: '/bin/bash', problem: noBash})]},
    [['medium', "Script 'usr/local/bin/run' does not start: '/bin/bash' is not in the image.", 'apk add bash']],
  ],
  [
    'PT3006',
    '300 scripts are one finding',
    {scripts: Array.from({length: 300}, (_, n) => scriptOf({path: `opt/${n}`, problem: noBash}))},
    [['medium', "300 scripts do not start ('opt/0', 'opt/1', 'opt/2' and 297 more)", 'apk add bash']],
  ],
  [
    'PT3006',
    'env',
    {scripts: [scriptOf({problem: {kind: 'command', name: 'python3.11', elsewhere: null}})]},
    [['medium', "env looks for 'python3.11', which is not in the image.", 'apk add python3']],
  ],
  [
    'PT3006',
    'env -S of BusyBox',
    {scripts: [scriptOf({problem: {kind: 'split', name: 'node', elsewhere: null}})]},
    [['medium', 'env -S is an option of GNU env', 'apk add coreutils']],
  ],
  [
    'PT3006',
    'line ends',
    {scripts: [scriptOf({problem: {kind: 'line-end', name: '/bin/sh', elsewhere: null}})]},
    [['medium', 'ends in CR LF', null]],
  ],
  [
    'PT3006',
    'the interpreter is elsewhere',
    {scripts: [scriptOf({problem: {kind: 'path', name: '/usr/local/bin/python3', elsewhere: 'usr/bin/python3'}})]},
    [['medium', "not in the image, but 'usr/bin/python3' is.", null]],
  ],
  [
    'PT3006',
    'a program that Alpine has no known package for',
    {scripts: [scriptOf({problem: {kind: 'path', name: '/opt/x', elsewhere: null}})]},
    [['medium', "'/opt/x' is not", null]],
  ],
  [
    'PT3006',
    'a system without apk',
    {scripts: [scriptOf({problem: noBash})], databasePath: null, release: releaseOf({id: 'debian'})},
    [['medium', "'/bin/bash'", null]],
  ],
  ['PT3006', 'a folder', {scripts: [scriptOf({problem: noBash})], ...noSystem}, []],
  ['PT3006', 'a packaged script', {scripts: [scriptOf({problem: noBash, package: 'openssl'})]}, []],
  [
    'PT3006',
    'an example counts less, and comes last',
    {
      scripts: [
        scriptOf({path: 'usr/share/doc/x/run', problem: noBash}),
        scriptOf({path: 'usr/local/bin/run', problem: noBash}),
      ],
    },
    [['medium', "('usr/local/bin/run' and 'usr/share/doc/x/run')"]],
  ],

  ['PT3007', 'musl alone', {elfFiles: [elfFileOf()]}, []],
  ['PT3007', 'a program for glibc without glibc', {elfFiles: [elfFileOf(), glibcProgram]}, []],
  [
    'PT3007',
    'gcompat and a program for glibc',
    {packages: [packageOf({name: 'gcompat'})], elfFiles: [elfFileOf(), glibcProgram]},
    [
      [
        'low',
        "made of musl and also carries 'package gcompat'. 1 file of it was built for glibc: 'opt/tool/bin/tool'; 1 file for musl.",
        null,
      ],
    ],
  ],
  [
    'PT3007',
    'gcompat that nothing needs',
    {packages: [packageOf({name: 'gcompat'})], elfFiles: [elfFileOf()]},
    [['low', '0 files of it were built for glibc; 1 file for musl.', 'apk del gcompat']],
  ],
  [
    'PT3007',
    'a tree of glibc that was copied in: its own files do not use it',
    {
      elfFiles: [
        elfFileOf(),
        glibcProgram,
        {...glibcLibrary, package: null},
        {...glibcLibrary, path: 'usr/glibc-compat/lib/libm.so.6', soname: 'libm.so.6', package: null},
      ],
    },
    [['low', "carries 'usr/glibc-compat/lib/libc.so.6'. 1 file of it was built for glibc: 'opt/tool/bin/tool'"]],
  ],
  [
    'PT3007',
    'package glibc and its files are one thing',
    {packages: [packageOf({name: 'glibc', version: '2.35-r1'})], elfFiles: [elfFileOf(), glibcLibrary, glibcProgram]},
    [['low', "carries 'package glibc'. 1 file"]],
  ],
  [
    'PT3007',
    'musl in Debian',
    {
      system: {libc: 'glibc', machine: 'x86_64'},
      elfFiles: [glibcProgram, elfFileOf({path: 'lib/ld-musl-x86_64.so.1', type: 'shared', soname: 'libc.so'})],
    },
    [['low', "made of glibc and also carries 'lib/ld-musl-x86_64.so.1'", null]],
  ],
  ['PT3007', 'a folder', {...noSystem, elfFiles: [glibcLibrary, elfFileOf()]}, []],

  [
    'PT3008',
    'files of nobody',
    {behaviours: [{behaviour, files: [{path: 'opt/x', layer: 0, package: null, imports: ['getaddrinfo']}]}]},
    [['note', "All servers are asked. It may matter to 1 file: 'opt/x'.", null]],
  ],
  [
    'PT3008',
    'files of the distribution',
    {behaviours: [{behaviour, files: [{path: 'usr/bin/x', layer: 0, package: 'x', imports: ['getaddrinfo']}]}]},
    [],
  ],
]

for (const [id, name, facts, expected] of cases) {
  test(`${id}: ${name}`, () => {
    const rule = rules.find(rule => rule.id === id)
    const drafts = rule === undefined ? [] : [...rule.check(factsOf(facts))]
    expect(drafts.map(({severity = rule?.severity}) => severity)).toEqual(expected.map(([severity]) => severity))
    for (const [index, [, message, command]] of expected.entries()) {
      expect(drafts[index]?.message).toContain(message)
      if (command !== undefined) expect(drafts[index]?.fix.command).toBe(command)
    }
  })
}

test('what a module for glibc lacks is one finding, and not one for each symbol and library', () => {
  const lacks = {missingSymbols: [symbol('__memcpy_chk', true)], missingLibraries: [library('ld-linux-x86-64.so.2')]}
  const facts = factsOf(addOn(verdictOf(lacks)))
  const found = rules
    .filter(({family}) => family === 'musl')
    .flatMap(({id, check}) => (id === 'PT3007' ? [] : [...check(facts)]))
  expect(found.map(({message}) => message)).toEqual([expect.stringContaining("Node package 'better-sqlite3'")])
})

test('what a module for glibc lacks is no finding where its twin is loaded instead', () => {
  const {nativeModules = [], ...facts} = addOn(verdictOf({missingSymbols: [symbol('__memcpy_chk', true)]}))
  const twins = nativeModules.map(module => ({
    ...module,
    files: module.files.map(file => ({...file, twin: 'x.musl.node'})),
  }))
  const found = rules.flatMap(({id, check}) =>
    /^PT300[1-59]/.test(id) ? [...check(factsOf({...facts, nativeModules: twins}))] : [],
  )
  expect(found).toEqual([])
})

test('behaviour is for audit alone', () => {
  expect(rulesFor('scan').map(({id}) => id)).not.toContain('PT3008')
  expect(rulesFor('audit').map(({id}) => id)).toContain('PT3008')
})
