import {expect, test} from 'vitest'
import {listNativeModules, nativeCollectors} from '../../../src/facts/native/index.js'
import type {ElfFile} from '../../../src/model/facts.js'
import {elfFileOf} from '../../support/facts.js'
import {file, folder, type TarItem} from '../../support/tar.js'
import {viewOf} from '../../support/view.js'

const forGlibc = {type: 'shared', interpreter: null, libc: 'glibc', needed: ['libc.so.6']} as const
const forMusl = {type: 'shared', interpreter: null, libc: 'musl', needed: ['libc.musl-x86_64.so.1']} as const
const forNobody = {type: 'shared', interpreter: null, libc: 'none', needed: []} as const
const untold = {type: 'shared', interpreter: null, libc: 'unknown', needed: []} as const

const elf = (path: string, overrides: Partial<ElfFile> = forGlibc): ElfFile =>
  elfFileOf({path, ...overrides} as Parameters<typeof elfFileOf>[0])
const packageJson = (path: string, fields: Readonly<Record<string, unknown>>): TarItem =>
  file(`${path}/package.json`, JSON.stringify(fields))

const modules = 'app/node_modules'
const site = 'usr/lib/python3.12/site-packages'

/** Each file as `ecosystem name version: base name is what it was built for`, with its twin. */
const cases: [name: string, items: readonly TarItem[], files: readonly ElfFile[], expected: readonly string[]][] = [
  [
    'Node: a package that was built in place',
    [packageJson(`${modules}/bcrypt`, {name: 'bcrypt', version: '5.1.1'})],
    [elf(`${modules}/bcrypt/lib/binding/napi-v3/bcrypt_lib.node`)],
    ['node bcrypt 5.1.1: bcrypt_lib.node is glibc'],
  ],
  [
    'Node: prebuilds for both',
    [packageJson(`${modules}/leveldown`, {name: 'leveldown', version: '6.1.1'})],
    [
      elf(`${modules}/leveldown/prebuilds/linux-x64/node.napi.glibc.node`),
      elf(`${modules}/leveldown/prebuilds/linux-x64/node.napi.musl.node`, forMusl),
    ],
    [
      'node leveldown 6.1.1: node.napi.glibc.node is glibc, twin node.napi.musl.node',
      'node leveldown 6.1.1: node.napi.musl.node is musl',
    ],
  ],
  [
    'Node: prebuilds for musl on another machine only',
    [packageJson(`${modules}/x`, {name: 'x', version: '1.0.0'})],
    [
      elf(`${modules}/x/prebuilds/linux-arm64/x.musl.node`, {...forMusl, machine: 'aarch64'}),
      elf(`${modules}/x/prebuilds/linux-x64/x.glibc.node`),
    ],
    ['node x 1.0.0: x.musl.node is musl', 'node x 1.0.0: x.glibc.node is glibc'],
  ],
  [
    'Node: a platform package, and its twin beside it',
    [
      packageJson(`${modules}/@swc/core-linux-x64-gnu`, {name: '@swc/core-linux-x64-gnu', version: '1.3.0'}),
      folder(`${modules}/@swc/core-linux-x64-musl`),
    ],
    [elf(`${modules}/@swc/core-linux-x64-gnu/swc.linux-x64-gnu.node`)],
    ['node @swc/core-linux-x64-gnu 1.3.0: swc.linux-x64-gnu.node is glibc, twin core-linux-x64-musl'],
  ],
  [
    'Node: a twin in the store of pnpm',
    [
      packageJson(`${modules}/.pnpm/a@1/node_modules/@img/sharp-linux-x64`, {
        name: '@img/sharp-linux-x64',
        version: '0.33.0',
        libc: ['glibc'],
      }),
      packageJson(`${modules}/.pnpm/b@1/node_modules/@img/sharp-linuxmusl-x64`, {
        name: '@img/sharp-linuxmusl-x64',
        version: '0.33.0',
        libc: ['musl'],
      }),
    ],
    [elf(`${modules}/.pnpm/a@1/node_modules/@img/sharp-linux-x64/lib/sharp-linux-x64.node`, untold)],
    ['node @img/sharp-linux-x64 0.33.0: sharp-linux-x64.node is glibc, twin sharp-linuxmusl-x64'],
  ],
  [
    'Node: what ELF says goes before names',
    [packageJson(`${modules}/x-linux-x64-gnu`, {name: 'x-linux-x64-gnu', version: '1.0.0'})],
    [
      elf(`${modules}/x-linux-x64-gnu/x.linux-x64-gnu.node`, forMusl),
      elf(`${modules}/x-linux-x64-gnu/y.node`, forNobody),
    ],
    ['node x-linux-x64-gnu 1.0.0: x.linux-x64-gnu.node is musl', 'node x-linux-x64-gnu 1.0.0: y.node is any'],
  ],
  [
    'Node: a static program',
    [packageJson(`${modules}/@esbuild/linux-x64`, {name: '@esbuild/linux-x64', version: '0.21.0'})],
    [
      elf(`${modules}/@esbuild/linux-x64/bin/esbuild`, {
        type: 'static',
        libc: 'none',
        interpreter: null,
        language: 'go',
      }),
    ],
    ['node @esbuild/linux-x64 0.21.0: esbuild is any'],
  ],
  [
    'Node: a prebuild for another system',
    [packageJson(`${modules}/argon2`, {name: 'argon2', version: '0.45.1'})],
    [elf(`${modules}/argon2/prebuilds/freebsd-x64/argon2.glibc.node`, {...untold, needed: ['libc.so.7']})],
    [],
  ],
  [
    'Node: metadata that is no JSON',
    [file(`${modules}/x/package.json`, '{"name":')],
    [elf(`${modules}/x/x.node`)],
    ['node x -: x.node is glibc'],
  ],
  [
    'Node: an unpacked package',
    [packageJson('package', {name: 'y', version: '2.0.0'})],
    [elf('package/build/y.node')],
    ['node y 2.0.0: y.node is glibc'],
  ],
  ['Node: a program beside a package.json is not its', [packageJson('app', {name: 'y'})], [elf('app/bin/tool')], []],

  [
    'Python: a wheel for manylinux',
    [
      file(`${site}/numpy-1.26.4.dist-info/WHEEL`, 'Wheel-Version: 1.0\nTag: cp312-cp312-manylinux_2_17_x86_64\n'),
      file(`${site}/numpy-1.26.4.dist-info/RECORD`, 'numpy/core/_x.so,sha256=a,1\nnumpy.libs/libgfortran.so.5,,\n'),
    ],
    [elf(`${site}/numpy/core/_x.so`), elf(`${site}/numpy.libs/libgfortran.so.5`, untold)],
    ['python numpy 1.26.4: libgfortran.so.5 is glibc', 'python numpy 1.26.4: _x.so is glibc'],
  ],
  [
    'Python: a wheel for musllinux with the suffix that old Pythons gave it',
    [
      file(`${site}/x-1.dist-info/WHEEL`, 'Tag: cp38-cp38-musllinux_1_1_x86_64\n'),
      file(`${site}/x-1.dist-info/RECORD`, '_x.cpython-38-x86_64-linux-gnu.so,,\n'),
    ],
    [elf(`${site}/_x.cpython-38-x86_64-linux-gnu.so`, forMusl)],
    ['python x 1: _x.cpython-38-x86_64-linux-gnu.so is musl'],
  ],
  [
    'Python: a program that came as a wheel',
    [
      file(`${site}/ruff-0.5.0.dist-info/WHEEL`, 'Tag: py3-none-manylinux_2_17_x86_64\n'),
      file(`${site}/ruff-0.5.0.dist-info/RECORD`, '../../../bin/ruff,sha256=a,1\n'),
    ],
    [elf('usr/bin/ruff', {libc: 'glibc', interpreter: '/lib64/ld-linux-x86-64.so.2', language: 'rust'})],
    ['python ruff 0.5.0: ruff is glibc'],
  ],
  [
    'Python: a module without metadata, and its twin',
    [file(`${site}/m/_c.cpython-312-x86_64-linux-musl.so`)],
    [elf(`${site}/m/_c.cpython-312-x86_64-linux-gnu.so`, untold)],
    ['python m -: _c.cpython-312-x86_64-linux-gnu.so is glibc, twin _c.cpython-312-x86_64-linux-musl.so'],
  ],
  [
    'Python: its own modules are no package',
    [],
    [elf('usr/lib/python3.12/lib-dynload/_ssl.cpython-312-x86_64-linux-gnu.so')],
    [],
  ],

  [
    'Ruby: a precompiled gem',
    [],
    [elf('usr/local/bundle/gems/nokogiri-1.16.0-x86_64-linux-gnu/lib/nokogiri/3.2/nokogiri.so', untold)],
    ['ruby nokogiri 1.16.0: nokogiri.so is glibc'],
  ],
  [
    'Ruby: its twin',
    [folder('usr/local/bundle/gems/nokogiri-1.16.0-x86_64-linux-musl')],
    [elf('usr/local/bundle/gems/nokogiri-1.16.0-x86_64-linux-gnu/lib/nokogiri/3.2/nokogiri.so')],
    ['ruby nokogiri 1.16.0: nokogiri.so is glibc, twin nokogiri-1.16.0-x86_64-linux-musl'],
  ],
  [
    'Ruby: the platform of old RubyGems says nothing',
    [],
    [elf('usr/local/bundle/extensions/x86_64-linux/3.2.0/racc-1.7.3/racc/cparse.so', untold)],
    ['ruby racc 1.7.3: cparse.so is unknown'],
  ],
  [
    'Ruby: a gem with a hyphen',
    [],
    [elf('usr/lib/ruby/gems/3.2.0/gems/unf_ext-0.0.9.1/lib/unf_ext.so', forMusl)],
    ['ruby unf_ext 0.0.9.1: unf_ext.so is musl'],
  ],

  [
    'PHP: a downloaded loader',
    [],
    [elf('usr/local/lib/php/extensions/no-debug-non-zts-20230831/ioncube.so')],
    ['php ioncube -: ioncube.so is glibc'],
  ],
  ['PHP: a package of Alpine', [], [elf('usr/lib/php83/modules/curl.so', forMusl)], ['php curl -: curl.so is musl']],

  [
    '.NET: assets for several runtimes',
    [
      file(
        'app/App.deps.json',
        JSON.stringify({
          runtimeTarget: {name: '.NETCoreApp,Version=v8.0'},
          targets: {
            '.NETCoreApp,Version=v8.0': {
              'SkiaSharp.NativeAssets.Linux/2.88.6': {
                runtimeTargets: {'runtimes/linux-x64/native/libSkiaSharp.so': {rid: 'linux-x64', assetType: 'native'}},
              },
            },
          },
        }),
      ),
    ],
    [elf('app/runtimes/linux-x64/native/libSkiaSharp.so', untold)],
    ['dotnet SkiaSharp.NativeAssets.Linux 2.88.6: libSkiaSharp.so is glibc'],
  ],
  [
    '.NET: with the runtime of Alpine',
    [file('app/runtimes/linux-musl-x64/native/libe_sqlite3.so')],
    [
      elf('app/runtimes/linux-musl-x64/native/libe_sqlite3.so', forMusl),
      elf('app/runtimes/linux-x64/native/libe_sqlite3.so'),
    ],
    [
      'dotnet libe_sqlite3.so -: libe_sqlite3.so is musl',
      'dotnet libe_sqlite3.so -: libe_sqlite3.so is glibc, twin libe_sqlite3.so',
    ],
  ],
  [
    '.NET: published for one runtime',
    [
      file(
        'app/App.deps.json',
        JSON.stringify({
          runtimeTarget: {name: '.NETCoreApp,Version=v8.0/linux-x64'},
          targets: {'.NETCoreApp,Version=v8.0/linux-x64': {'Runtime/8.0.0': {native: {'libcoreclr.so': {}}}}},
        }),
      ),
    ],
    [elf('app/libcoreclr.so', untold)],
    ['dotnet Runtime 8.0.0: libcoreclr.so is glibc'],
  ],
  [
    '.NET: the cache of NuGet',
    [],
    [elf('root/.nuget/packages/grpc.core/2.46.6/runtimes/linux-x64/native/libgrpc.so')],
    ['dotnet grpc.core 2.46.6: libgrpc.so is glibc'],
  ],

  [
    'Go: a static program',
    [],
    [elf('app/server', {type: 'static', libc: 'none', language: 'go', interpreter: null})],
    ['go server -: server is any'],
  ],
  ['Rust: a library', [], [elf('app/libx.so', {...forGlibc, language: 'rust'})], ['rust libx.so -: libx.so is glibc']],
  ['C: no package', [], [elf('app/tool')], []],
  ['an object file', [], [elf(`${modules}/x/obj/x.o`, {type: 'relocatable', libc: 'unknown'})], []],
]

for (const [name, items, files, expected] of cases) {
  test(name, async () => {
    const view = await viewOf([items], nativeCollectors)
    const found = listNativeModules(view, files).flatMap(({ecosystem, name, version, files}) =>
      files.map(({path, builtFor, twin}) => {
        const beside = twin === null ? '' : `, twin ${base(twin)}`
        return `${ecosystem} ${name} ${version ?? '-'}: ${base(path)} is ${builtFor}${beside}`
      }),
    )
    expect(found).toEqual(expected)
  })
}

function base(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

test('what asks for the loader of glibc is told apart from what may load', async () => {
  const view = await viewOf([[]], nativeCollectors)
  const needed = ['libc.so.6', 'ld-linux-x86-64.so.2']
  const files = [elf('a/x.node', {...forGlibc, needed}), elf('b/y.node')]
  const found = listNativeModules(view, files).flatMap(module => module.files)
  expect(found.map(({evidence, needsGlibcLoader}) => [evidence, needsGlibcLoader])).toEqual([
    ['needs ld-linux-x86-64.so.2', true],
    ['needs libc.so.6', false],
  ])
})
