import {spawnSync} from 'node:child_process'
import {existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {memorySource} from '../../src/bytes/source.js'
import {MuslLoader, muslMachine, readObjectFrom} from '../../src/musl/index.js'
import {folderRoot} from './folder-root.js'
import {liveLoader} from './live-loader.js'

const host = `#include <dlfcn.h>
int from_host(void) { return 1; }
int main(int count, char **words) { return dlopen(words[1], words[2] ? RTLD_NOW : RTLD_LAZY) ? 0 : 7; }`

/** Plugins, and how they are linked: the real dlopen says whether each opens. */
const plugins: readonly (readonly [name: string, source: string, flags: string])[] = [
  ['nothing missing', 'int go(void) { return 1; }', ''],
  ['from the host', 'int from_host(void); int go(void) { return from_host(); }', ''],
  ['from musl, which it does not name', 'int puts(const char *); int go(void) { return puts(""); }', ''],
  ['a function that is called', 'int gone(void); int go(void) { return gone(); }', '-Wl,-z,lazy'],
  ['the same, bound at once', 'int gone(void); int go(void) { return gone(); }', '-Wl,-z,now'],
  ['the same, by the old tag', 'int gone(void); int go(void) { return gone(); }', '-Wl,-z,now,--disable-new-dtags'],
  ['a variable', 'extern int gone; int go(void) { return gone; }', '-Wl,-z,lazy'],
  ['an address in data', 'int gone(void); int (*go)(void) = gone;', '-Wl,-z,lazy'],
  ['weak', '__attribute__((weak)) int gone(void); int (*go)(void) = gone;', ''],
  ['static TLS', '__thread int t __attribute__((tls_model("initial-exec"))); int go(void) { return t; }', ''],
  ['dynamic TLS', '__thread int t __attribute__((tls_model("global-dynamic"))); int go(void) { return t; }', ''],
  [
    'an IFUNC of its own',
    'static int a(void) { return 1; } static void *r(void) { return a; } int f(void) __attribute__((ifunc("r"))); int (*go)(void) = f;',
    '',
  ],
]

const compiles = existsSync(liveLoader) && spawnSync('musl-gcc', ['--version']).status === 0

describe.skipIf(!compiles)('the model and the real dlopen agree', () => {
  const folder = mkdtempSync(join(tmpdir(), 'piton-dlopen-'))
  beforeAll(() => compile('musl-gcc', 'host', host, ['-rdynamic']))
  afterAll(() => rmSync(folder, {recursive: true}))

  function compile(compiler: string, name: string, source: string, flags: readonly string[]): void {
    writeFileSync(join(folder, `${name}.c`), source)
    const {status, stderr} = spawnSync(compiler, ['-w', ...flags, '-o', name, `${name}.c`], {
      cwd: folder,
      encoding: 'utf8',
    })
    if (status !== 0) throw new Error(stderr)
  }

  test.each(plugins)('%s', (_, source, flags) => {
    compile('gcc', 'plugin.so', source, [
      '-shared',
      '-fPIC',
      '-nostdlib',
      ...flags.split(' ').filter(flag => flag !== ''),
    ])
    const path = realpathSync(liveLoader)
    const musl = readObjectFrom(memorySource(readFileSync(path)), path)
    const machine = muslMachine('x86_64')
    if (musl === null || machine === null) throw new Error(path)
    const loader = new MuslLoader(folderRoot('/'), {machine, musl: {version: [1, 2, 3], exports: musl.exports}})
    for (const binding of ['lazy', 'now'] as const) {
      const words = binding === 'now' ? ['now'] : []
      const {status} = spawnSync('./host', ['./plugin.so', ...words], {cwd: folder})
      const {verdict} = loader.judge(join(realpathSync(folder), 'plugin.so'), {
        host: join(realpathSync(folder), 'host'),
        binding,
      })
      expect({binding, opens: verdict === 'loads'}).toEqual({binding, opens: status === 0})
    }
  })
})
