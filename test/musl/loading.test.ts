import {describe, expect, test} from 'vitest'
import {elfOf} from '../support/elf.js'
import {dynamicOf, R} from '../support/elf-dynamic.js'
import {type Cases, interpreter, summary, verdictOf} from './loader-cases.js'

const program = (spec: Parameters<typeof dynamicOf>[0] = {}) => dynamicOf({interpreter, needed: ['libc.so'], ...spec})
const library = (spec: Parameters<typeof dynamicOf>[0] = {}) => dynamicOf(spec)
const needing = (...needed: string[]) => program({needed: ['libc.so', ...needed]})

/** LOADER.md section 1 of the measurement that the model follows: what is subject to the loader at all. */
const subjects: Cases = [
  ['a program with its interpreter', {files: {'/bin/p': program()}}, 'loads'],
  [
    'an interpreter that is not there',
    {files: {'/bin/p': program({interpreter: '/lib64/ld-linux-x86-64.so.2'})}},
    'interpreter_missing',
  ],
  [
    'what else is wrong is still said',
    {files: {'/bin/p': program({interpreter: '/lib/ld.so', needed: ['libc.so.6', 'liba.so']})}},
    'interpreter_missing, liba.so missing (bin/p)',
  ],
  [
    'an interpreter behind links inside the root',
    {
      files: {
        '/bin/p': program({interpreter: '/lib64/ld-linux-x86-64.so.2'}),
        '/lib64': '-> lib',
        '/lib/ld-linux-x86-64.so.2': '-> /lib/libc.musl-x86_64.so.1',
        '/lib/libc.musl-x86_64.so.1': '-> ld-musl-x86_64.so.1',
      },
    },
    'loads',
  ],
  [
    'a program of another C library that is there is not for musl to judge',
    {
      files: {
        '/bin/p': program({interpreter: '/lib64/ld-linux-x86-64.so.2', needed: ['libglibc-only.so']}),
        '/lib64/ld-linux-x86-64.so.2': library({defines: ['_dl_argv']}),
      },
    },
    'loads',
  ],
  ['no dynamic section', {files: {'/bin/p': elfOf({type: 2, interpreter: null, dynamic: null}).bytes}}, 'static'],
  [
    'static-pie relocates itself',
    {files: {'/bin/p': library({flags1: 0x0800_0000, uses: [['', R.irelative]]})}},
    'static',
  ],
  [
    'a loader run by hand would look at it',
    {files: {'/bin/p': library({flags1: 0x0800_0000, uses: [['', R.irelative]]})}, listed: true},
    'unsupported_relocation, R_X86_64_IRELATIVE x1 (bin/p)',
  ],
  ['a library by itself', {files: {'/bin/p': library({uses: [['printf', R.call]]})}}, 'loads'],
  ['an object file', {files: {'/bin/p': elfOf({type: 1, interpreter: null}).bytes}}, 'not_loadable'],
  ['a core file', {files: {'/bin/p': elfOf({type: 4, interpreter: null}).bytes}}, 'not_loadable'],
  ['no ELF file', {files: {'/bin/p': '#!/bin/sh\n'}}, 'not_loadable'],
  ['no file', {files: {'/bin/q': '#!/bin/sh\n'}}, 'not_loadable'],
  ['another machine', {files: {'/bin/p': dynamicOf({machine: 'aarch64', needed: ['libc.so']})}}, 'not_loadable'],
]

/** Section 3: which name leads to which object. */
const names: Cases = [
  [
    'names that always mean musl',
    {
      files: {
        '/bin/p': needing('libc.so.6', 'libm.so.6', 'libpthread.so.0', 'librt.so.1', 'libdl.so.2', 'libutil.so.1'),
      },
    },
    'loads',
  ],
  ['are never opened', {files: {'/bin/p': needing('libm.so.6'), '/lib/libm.so.6': 'no library'}}, 'loads'],
  [
    'names that only look like them',
    {files: {'/bin/p': needing('libcrypt.so.1', 'libresolv.so.2', 'libmvec.so.1', 'libthr.so.3', 'libdlx.so')}},
    'missing_library, libcrypt.so.1 missing (bin/p), libresolv.so.2 missing (bin/p), libmvec.so.1 missing (bin/p), libthr.so.3 missing (bin/p), libdlx.so missing (bin/p)',
  ],
  ['the loader by its own name', {files: {'/bin/p': needing(interpreter)}}, 'loads'],
  [
    'the loader by another name of its file: dropped as a second libc',
    {files: {'/bin/p': program({needed: ['ld-musl-x86_64.so.1'], uses: [['printf', R.call]]})}},
    'loads',
  ],
  [
    "glibc's loader, whose file is musl's in no program",
    {files: {'/bin/p': needing('ld-linux-x86-64.so.2')}},
    'missing_library, ld-linux-x86-64.so.2 missing (bin/p)',
  ],
  ['an empty name', {files: {'/bin/p': needing('')}}, "missing_library, '' bad-name (bin/p)"],
  [
    'a name with a slash is opened as it is',
    {files: {'/bin/p': needing('/opt/liba.so'), '/opt/liba.so': library()}},
    'loads',
  ],
  [
    'a relative one in the working directory',
    {
      files: {'/bin/p': needing('./liba.so'), '/srv/liba.so': library()},
      environment: {workingDirectory: '/srv'},
    },
    'loads',
  ],
  [
    'a name is one object, wherever the next one would be searched',
    {
      files: {
        '/bin/p': program({needed: ['libc.so', 'liba.so', 'libb.so'], uses: [['b', R.call]]}),
        '/lib/liba.so': library({needed: ['libx.so'], runpath: '/a'}),
        '/lib/libb.so': library({needed: ['libx.so'], runpath: '/b'}),
        '/a/libx.so': library(),
        '/b/libx.so': library({defines: ['b']}),
      },
    },
    'symbol_not_found, b (bin/p)',
  ],
  [
    'a soname is not looked at',
    {
      files: {
        '/bin/p': needing('/opt/x.so', 'libx.so.1'),
        '/opt/x.so': elfOf({interpreter: null, soname: 'libx.so.1'}).bytes,
      },
    },
    'missing_library, libx.so.1 missing (bin/p)',
  ],
  [
    'a file opened by path has its name once a search comes to it',
    {
      files: {
        '/bin/p': needing('/lib/liba.so', 'libb.so', 'libc-like.so'),
        '/lib/liba.so': library(),
        '/lib/libb.so': '-> liba.so',
        '/lib/libc-like.so': '-> liba.so',
      },
    },
    'loads',
  ],
  [
    'a second C library by its path is dropped, and musl comes in',
    {
      files: {
        '/bin/p': program({
          needed: ['/opt/libc.so.6'],
          uses: [
            ['printf', R.call],
            ['only_glibc', R.call],
          ],
        }),
        '/opt/libc.so.6': library({defines: ['__libc_start_main', 'stdin', 'only_glibc']}),
      },
    },
    'symbol_not_found, only_glibc (bin/p)',
  ],
  [
    'nobody names musl: its symbols are not in scope',
    {files: {'/bin/p': program({needed: [], uses: [['printf', R.call]]})}},
    'symbol_not_found, printf (bin/p)',
  ],
  [
    'a library names it for the program',
    {
      files: {
        '/bin/p': program({needed: ['liba.so'], uses: [['printf', R.call]]}),
        '/lib/liba.so': library({needed: ['libc.so']}),
      },
    },
    'loads',
  ],
]

/** Section 3, rule 6: where a name is searched. */
const folders: Cases = [
  ['/lib', {files: {'/bin/p': needing('liba.so'), '/lib/liba.so': library()}}, 'loads'],
  ['/usr/local/lib', {files: {'/bin/p': needing('liba.so'), '/usr/local/lib/liba.so': library()}}, 'loads'],
  ['/usr/lib', {files: {'/bin/p': needing('liba.so'), '/usr/lib/liba.so': library()}}, 'loads'],
  [
    'not where glibc searches',
    {
      files: {
        '/bin/p': needing('liba.so'),
        '/usr/lib64/liba.so': library(),
        '/usr/lib/x86_64-linux-gnu/liba.so': library(),
      },
    },
    'missing_library, liba.so missing (bin/p)',
  ],
  [
    'the path file, with colons and newlines',
    {
      files: {'/bin/p': needing('liba.so', 'libb.so'), '/x/liba.so': library(), '/y/libb.so': library()},
      environment: {pathFiles: new Map([['/etc/ld-musl-x86_64.path', '/none:/x\n\n/y\n']])},
    },
    'loads',
  ],
  [
    'an empty path file: nowhere',
    {
      files: {'/bin/p': needing('liba.so'), '/lib/liba.so': library()},
      environment: {pathFiles: new Map([['/etc/ld-musl-x86_64.path', '']])},
    },
    'missing_library, liba.so missing (bin/p)',
  ],
  [
    'a path file that cannot be read: nowhere',
    {
      files: {'/bin/p': needing('liba.so'), '/lib/liba.so': library()},
      environment: {pathFiles: new Map([['/etc/ld-musl-x86_64.path', null]])},
    },
    'missing_library, liba.so missing (bin/p)',
  ],
  [
    'the path file beside a loader that lies elsewhere',
    {
      files: {
        '/bin/p': program({interpreter: '/opt/x/lib/ld-musl-x86_64.so.1', needed: ['libc.so', 'liba.so']}),
        '/opt/x/lib/ld-musl-x86_64.so.1': '-> /lib/ld-musl-x86_64.so.1',
        '/opt/x/own/liba.so': library(),
      },
      environment: {pathFiles: new Map([['/opt/x/etc/ld-musl-x86_64.path', '/opt/x/own']])},
    },
    'loads',
  ],
  [
    'LD_LIBRARY_PATH comes first',
    {
      files: {
        '/bin/p': program({needed: ['libc.so', 'liba.so'], runpath: '/run', uses: [['a', R.call]]}),
        '/run/liba.so': library(),
        '/ld/liba.so': library({defines: ['a']}),
      },
      environment: {libraryPath: '/ld'},
    },
    'loads',
  ],
  [
    'but not for a setuid program',
    {
      files: {'/bin/p': needing('liba.so'), '/ld/liba.so': library()},
      environment: {libraryPath: '/ld'},
      circumstances: {secure: true},
    },
    'missing_library, liba.so missing (bin/p)',
  ],
  [
    'a run path of the program serves its libraries, too: RUNPATH is inherited',
    {
      files: {
        '/bin/p': program({needed: ['libc.so', 'liba.so'], runpath: '/own'}),
        '/own/liba.so': library({needed: ['libb.so']}),
        '/own/libb.so': library(),
      },
    },
    'loads',
  ],
  [
    'a run path of one library does not serve another',
    {
      files: {
        '/bin/p': needing('liba.so', 'libb.so'),
        '/lib/liba.so': library({runpath: '/own'}),
        '/lib/libb.so': library({needed: ['libx.so']}),
        '/own/libx.so': library(),
      },
    },
    'missing_library, libx.so missing (lib/libb.so)',
  ],
  [
    'RUNPATH replaces RPATH',
    {
      files: {'/bin/p': program({needed: ['libc.so', 'liba.so'], rpath: '/r', runpath: '/n'}), '/r/liba.so': library()},
    },
    'missing_library, liba.so missing (bin/p)',
  ],
  [
    '$ORIGIN of the program is where it really is',
    {
      files: {
        '/usr/bin/p': '-> /opt/p/bin/p',
        '/opt/p/bin/p': program({needed: ['libc.so', 'liba.so'], runpath: '$ORIGIN/../lib'}),
        '/opt/p/lib/liba.so': library(),
      },
      path: '/usr/bin/p',
    },
    'loads',
  ],
  [
    'that of a library is where it was opened',
    {
      files: {
        '/bin/p': needing('liba.so'),
        '/lib/liba.so': '-> /opt/a/liba.so',
        '/opt/a/liba.so': library({needed: ['libb.so'], runpath: `$\{ORIGIN}/deps`}),
        '/lib/deps/libb.so': library(),
      },
    },
    'loads',
  ],
  [
    'a setuid program has no $ORIGIN',
    {
      files: {'/bin/p': program({needed: ['libc.so', 'liba.so'], runpath: '$ORIGIN'}), '/bin/liba.so': library()},
      circumstances: {secure: true},
    },
    'missing_library, liba.so missing (bin/p)',
  ],
  [
    'any other token makes the whole run path void',
    {
      files: {
        '/bin/p': program({needed: ['libc.so', 'liba.so'], runpath: '/own:$ORIGIN/$LIB'}),
        '/own/liba.so': library(),
      },
    },
    'missing_library, liba.so missing (bin/p)',
  ],
  [
    'folders above the root are the root',
    {
      files: {
        '/bin/p': program({needed: ['libc.so', 'liba.so'], runpath: '$ORIGIN/../../../x'}),
        '/x/liba.so': library(),
      },
    },
    'loads',
  ],
  [
    'a name that is too long',
    {files: {'/bin/p': needing('a'.repeat(256))}},
    `missing_library, ${'a'.repeat(256)} missing (bin/p)`,
  ],
]

/** Section 3, rule 6: what ends a search, though it is no library. */
const obstacles: Cases = [
  ['a linker script', 'INPUT(liba.so.1)', 'missing_library, liba.so not-an-object (bin/p)'],
  [
    'an object of another machine',
    dynamicOf({machine: 'aarch64'}),
    'missing_library, liba.so wrong-architecture (bin/p)',
  ],
  ['an object of another class', dynamicOf({machine: 'i386'}), 'missing_library, liba.so wrong-architecture (bin/p)'],
  [
    'no dynamic section',
    elfOf({interpreter: null, dynamic: null}).bytes,
    'missing_library, liba.so not-an-object (bin/p)',
  ],
  ['links that go round', '-> liba.so', 'missing_library, liba.so unreadable (bin/p)'],
  ['a file that may not be read does not', 'forbidden', 'loads'],
  ['a dangling link does not', '-> nowhere', 'loads'],
].map(([name, file, expected]) => [
  name as string,
  {
    files: {
      '/bin/p': program({needed: ['libc.so', 'liba.so'], runpath: '/first'}),
      '/first/liba.so': file as string,
      '/lib/liba.so': library(),
    },
  },
  expected as string,
])

const folder: Cases = [
  [
    'a folder of that name',
    {files: {'/bin/p': needing('liba.so'), '/lib/liba.so/x': 'file', '/usr/lib/liba.so': library()}},
    'missing_library, liba.so directory (bin/p)',
  ],
]

describe('subjects', () => {
  test.each(subjects)('%s', (_, given, expected) => expect(summary(verdictOf(given))).toBe(expected))
})
describe('names', () => {
  test.each(names)('%s', (_, given, expected) => expect(summary(verdictOf(given))).toBe(expected))
})
describe('folders', () => {
  test.each(folders)('%s', (_, given, expected) => expect(summary(verdictOf(given))).toBe(expected))
})
describe('what ends a search', () => {
  test.each([...obstacles, ...folder])('%s', (_, given, expected) => expect(summary(verdictOf(given))).toBe(expected))
})

test('breadth first: the objects of a process in their order', () => {
  const {closure} = verdictOf({
    files: {
      '/bin/p': needing('liba.so', 'libb.so'),
      '/lib/liba.so': library({needed: ['libx.so', 'libb.so']}),
      '/lib/libb.so': library({needed: ['liba.so', 'liby.so']}),
      '/lib/libx.so': library({needed: ['libx.so']}),
      '/lib/liby.so': library(),
    },
    environment: {preload: ['libz.so']},
  })
  expect(closure).toEqual(['/bin/p', '/lib/liba.so', '/lib/libb.so', '/lib/libx.so', '/lib/liby.so'])
})

test('a run path that is void is reported', () => {
  const files = {'/bin/p': program({runpath: '/usr/$PLATFORM'}), '/bin/q': program({runpath: '$ORIGIN'})}
  expect(verdictOf({files}).ignoredRunPaths).toEqual(['/bin/p'])
  expect(verdictOf({files, path: '/bin/q'}).ignoredRunPaths).toEqual([])
})
