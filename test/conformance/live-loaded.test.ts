import {spawnSync} from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {shared} from '../support/shared.js'
import {alpine, loadedOf} from '../support/started.js'
import {file, symlink, type TarItem} from '../support/tar.js'
import {liveLoader} from './live-loader.js'

const hasLoader = existsSync(liveLoader)
const compiles = hasLoader && spawnSync('musl-gcc', ['--version']).status === 0

/** Files of a folder as members of a layer. */
function itemsOf(folder: string): TarItem[] {
  return readdirSync(folder, {recursive: true, withFileTypes: true}).flatMap(entry => {
    const path = join(entry.parentPath, entry.name)
    const name = path.slice(folder.length + 1)
    if (entry.isSymbolicLink()) return [symlink(name, spawnSync('readlink', [path], {encoding: 'utf8'}).stdout.trim())]
    return entry.isFile() ? [file(name, readFileSync(path), {mode: 0o755})] : []
  })
}

/** What the real loader lists for a program, below a folder; musl itself aside. */
function listedBy(program: string, folder: string, libraryPath: string): string[] {
  const {stdout} = spawnSync(liveLoader, ['--list', program], {
    encoding: 'latin1',
    env: {LD_LIBRARY_PATH: libraryPath},
    maxBuffer: 1 << 28,
  })
  const paths = [...stdout.matchAll(/=> (\S+) \(0x/g)].map(([, path = '']) => path)
  return below(folder, [program, ...paths])
}

function below(folder: string, paths: readonly string[]): string[] {
  const real = paths.filter(path => path.startsWith(folder)).map(path => realpathSync(path).slice(folder.length + 1))
  return [...new Set(real)].sort()
}

const withoutMusl = (files: readonly string[]) => files.filter(path => !/ld-musl|libc\.musl/.test(path))

const roots = ['alpine-3.1.4-x86_64', 'alpine-3.23.2-x86_64'].map(
  name => [name, shared(`corpus/rootfs/${name}.tar.gz`)] as const,
)

describe.skipIf(!hasLoader || roots.some(([, path]) => path === null)).each(roots)('%s', (_, archive) => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'piton-loaded-')))
  beforeAll(() => void spawnSync('tar', ['xzf', archive ?? '', '-C', folder, '--no-same-owner']))
  afterAll(() => rmSync(folder, {recursive: true, force: true}))

  test('every program brings in what the real loader lists', async () => {
    const items = itemsOf(folder)
    const programs = items.flatMap(({name, body}) =>
      typeof name === 'string' && body instanceof Uint8Array && body[0] === 0x7f && !/\.so(?:\.|$)/.test(name)
        ? [name]
        : [],
    )
    expect(programs.length).toBeGreaterThan(5)
    const libraryPath = ['lib', 'usr/lib', 'usr/local/lib'].map(path => join(folder, path)).join(':')
    for (const name of programs) {
      const loaded = await loadedOf(items, {cmd: [`/${name}`]})
      // Plugins are opened later, which a listing does not show.
      const files = withoutMusl(loaded.files).filter(path => !/engines|ossl-modules/.test(path))
      expect({name, files}).toEqual({name, files: withoutMusl(listedBy(join(folder, name), folder, libraryPath))})
    }
  })
})

const host = `#include <dlfcn.h>
#include <stdio.h>
#include <string.h>
int from_a(void);
int main(int count, char **words) {
  for (int n = 1; n < count; n++) if (!dlopen(words[n], RTLD_NOW)) { puts(dlerror()); return 7; }
  FILE *maps = fopen("/proc/self/maps", "r");
  char line[4096];
  while (fgets(line, sizeof line, maps)) { char *path = strchr(line, '/'); if (path) fputs(path, stdout); }
  return from_a();
}`

describe.skipIf(!compiles)('a server that opens its modules', () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'piton-server-')))
  beforeAll(() => {
    for (const path of ['usr/sbin', 'usr/lib/nginx/modules', 'opt/own'])
      mkdirSync(join(folder, path), {recursive: true})
    compile('usr/lib/libc_.so.1', 'int from_c(void) { return 0; }', ['-shared', '-fPIC'])
    compile('usr/lib/liba.so.1', 'int from_c(void); int from_a(void) { return from_c(); }', [
      '-shared',
      '-fPIC',
      'usr/lib/libc_.so.1',
    ])
    compile('opt/own/libb.so.1', 'int from_b(void) { return 0; }', ['-shared', '-fPIC'])
    compile('usr/lib/nginx/modules/ngx_b.so', 'int from_b(void); int go(void) { return from_b(); }', [
      '-shared',
      '-fPIC',
      'opt/own/libb.so.1',
      '-Wl,-rpath,$ORIGIN/../../../../opt/own',
    ])
    compile('usr/lib/libunused.so.1', 'int unused(void) { return 0; }', ['-shared', '-fPIC'])
    compile('usr/sbin/nginx', host, ['-rdynamic', 'usr/lib/liba.so.1', '-Wl,-rpath-link,usr/lib'])
    writeFileSync(join(folder, 'start.sh'), '#!/bin/sh\nset -e\nexec "$@"\n', {mode: 0o755})
    symlinkSync('start.sh', join(folder, 'entrypoint'))
  })
  afterAll(() => rmSync(folder, {recursive: true, force: true}))

  /** Names in DT_NEEDED are those of the files: a path would be looked for where it was linked. */
  function compile(path: string, source: string, flags: readonly string[]): void {
    writeFileSync(join(folder, 'source.c'), source)
    const name = path.slice(path.lastIndexOf('/') + 1)
    const soname = flags.includes('-shared') ? [`-Wl,-soname,${name}`] : []
    const {status, stderr} = spawnSync('musl-gcc', ['-w', '-o', path, 'source.c', ...flags, ...soname], {
      cwd: folder,
      encoding: 'utf8',
    })
    if (status !== 0) throw new Error(stderr)
  }

  test('it has in memory what piton says, and nothing else', async () => {
    const module = join(folder, 'usr/lib/nginx/modules/ngx_b.so')
    const {stdout, status} = spawnSync(join(folder, 'usr/sbin/nginx'), [module], {
      encoding: 'latin1',
      env: {LD_LIBRARY_PATH: join(folder, 'usr/lib')},
    })
    expect([status, stdout]).toEqual([0, expect.stringContaining('liba.so.1')])
    const items = itemsOf(folder).filter(({name}) => name !== 'source.c')
    const loaded = await loadedOf([...alpine, ...items], {entrypoint: ['/entrypoint'], cmd: ['nginx', '-g', 'x']})
    expect(loaded).toMatchObject({program: 'usr/sbin/nginx', reason: null})
    const started = ['bin/busybox', 'bin/sh', 'entrypoint', 'start.sh']
    expect(withoutMusl(loaded.files).filter(path => !started.includes(path))).toEqual(
      below(
        folder,
        stdout.split('\n').map(path => path.trim()),
      ),
    )
    expect(loaded.files).toEqual(expect.arrayContaining(started))
  })
})
