// biome-ignore-all lint/suspicious/noTemplateCurlyInString: a shell expands it, not we
import {expect, test} from 'vitest'
import {alpine, library, loadedOf, program, type StartConfig, scriptFile} from '../../support/started.js'
import {file, hardlink, symlink, type TarItem} from '../../support/tar.js'

const nginx = program('usr/sbin/nginx', 'libssl.so.3')
const ssl = [library('usr/lib/libssl.so.3', 'libcrypto.so.3'), library('usr/lib/libcrypto.so.3')]
const app = program('usr/local/bin/app')
const base = [...alpine, nginx, ...ssl, app, program('usr/bin/curl'), program('sbin/su-exec'), program('sbin/tini')]
const loaderFile = 'lib/ld-musl-x86_64.so.1'
const nginxFiles = ['usr/lib/libcrypto.so.3', 'usr/lib/libssl.so.3', 'usr/sbin/nginx']
const shell = 'bin/busybox'

const entry = (text: string) => scriptFile('docker-entrypoint.sh', text)
const run = (words: string): StartConfig => ({cmd: words.split(' ')})
const through = (words: string): StartConfig => ({entrypoint: ['/docker-entrypoint.sh'], cmd: words.split(' ')})

const linksOf = (items: readonly TarItem[]) => items.filter(({type}) => type === '2').map(({name}) => name)

/** The program that is left, and the files besides musl and links. */
const cases: [
  name: string,
  items: readonly TarItem[],
  start: StartConfig,
  program: string,
  files: readonly string[],
][] = [
  ['a program by its path', base, run('/usr/local/bin/app --x'), 'usr/local/bin/app', ['usr/local/bin/app']],
  ['a program in PATH', base, run('nginx'), 'usr/sbin/nginx', nginxFiles],
  ['ENTRYPOINT and CMD', base, {entrypoint: ['nginx'], cmd: ['-g', 'x']}, 'usr/sbin/nginx', nginxFiles],
  ['an applet of BusyBox', base, run('sleep 1'), shell, [shell]],
  ['BusyBox with the name of an applet', base, run('busybox sh -c nginx'), 'usr/sbin/nginx', [shell, ...nginxFiles]],
  ['a shell that people type in', base, run('/bin/sh'), shell, [shell]],
  ['the shell form', base, {cmd: ['/bin/sh', '-c', 'nginx -g "x"']}, 'usr/sbin/nginx', [shell, ...nginxFiles]],
  [
    'the shell form with exec',
    base,
    {entrypoint: ['/bin/sh', '-c', 'exec app $0'], cmd: ['x']},
    'usr/local/bin/app',
    [shell, 'usr/local/bin/app'],
  ],
  [
    'a shell with options',
    base,
    {cmd: ['/bin/sh', '-eo', 'pipefail', '-c', 'app']},
    'usr/local/bin/app',
    [shell, 'usr/local/bin/app'],
  ],
  [
    'a shell that is given a script',
    [...base, scriptFile('srv/go', 'app', 0o644)],
    {cmd: ['sh', 'go'], workingDir: '/srv'},
    'usr/local/bin/app',
    [shell, 'srv/go', 'usr/local/bin/app'],
  ],
  ['a relative path', base, {cmd: ['./app'], workingDir: '/usr/local/bin'}, 'usr/local/bin/app', ['usr/local/bin/app']],
  [
    'PATH of the image',
    [...base, program('opt/x/app')],
    {cmd: ['app'], env: ['PATH=/opt/x:/usr/local/bin']},
    'opt/x/app',
    ['opt/x/app'],
  ],
  [
    'what nobody may execute is passed over',
    [...base, file('usr/local/sbin/app', '')],
    run('app'),
    'usr/local/bin/app',
    ['usr/local/bin/app'],
  ],
  [
    'a link to a program',
    [...base, symlink('srv', 'usr/local/bin/app')],
    run('/srv'),
    'usr/local/bin/app',
    ['usr/local/bin/app'],
  ],
  [
    'tini',
    base,
    {entrypoint: ['/sbin/tini', '-g', '-p', 'SIGTERM', '--'], cmd: ['app']},
    'usr/local/bin/app',
    ['sbin/tini', 'usr/local/bin/app'],
  ],
  [
    'tini and su-exec',
    base,
    run('tini -- su-exec nobody:x app -v'),
    'usr/local/bin/app',
    ['sbin/su-exec', 'sbin/tini', 'usr/local/bin/app'],
  ],
  ['env', [...base, program('opt/x/app')], run('env A=1 PATH=/opt/x app'), 'opt/x/app', [shell, 'opt/x/app']],
  ['timeout', base, run('timeout -s KILL 10 app'), 'usr/local/bin/app', [shell, 'usr/local/bin/app']],
  [
    'su',
    base,
    {cmd: ['su', 'nobody', '-s', '/bin/sh', '-c', 'exec app']},
    'usr/local/bin/app',
    [shell, 'usr/local/bin/app'],
  ],
  [
    'a script that ends in exec "$@"',
    [...base, entry('#!/bin/sh\nset -e\nmkdir -p /x\nexec "$@"\n')],
    through('nginx -x'),
    'usr/sbin/nginx',
    [shell, 'docker-entrypoint.sh', ...nginxFiles],
  ],
  [
    'a script through env',
    [...base, entry('#!/usr/bin/env sh\nexec "$@"\n')],
    through('app'),
    'usr/local/bin/app',
    [shell, 'docker-entrypoint.sh', 'usr/local/bin/app'],
  ],
  [
    'a script that does not exec',
    [...base, entry('#!/bin/sh\nchown -R x /y\napp --serve\n')],
    through('x'),
    'usr/local/bin/app',
    [shell, 'docker-entrypoint.sh', 'usr/local/bin/app'],
  ],
  [
    'a script behind a link',
    [...base, entry('#!/bin/sh\nexec "$@"\n'), symlink('entry', 'docker-entrypoint.sh')],
    {entrypoint: ['/entry'], cmd: ['app']},
    'usr/local/bin/app',
    [shell, 'docker-entrypoint.sh', 'usr/local/bin/app'],
  ],
  [
    'a script that starts itself once more as another user',
    [
      ...base,
      entry(
        '#!/bin/sh\nif [ "${1#-}" != "$1" ]; then\n  set -- app "$@"\nfi\nif [ "$1" = app ] && [ "$(id -u)" = 0 ]; then\n  exec su-exec nobody "$0" "$@"\nfi\nexec "$@"\n',
      ),
    ],
    through('--port 1'),
    'usr/local/bin/app',
    [shell, 'docker-entrypoint.sh', 'sbin/su-exec', 'usr/local/bin/app'],
  ],
  [
    'functions, and what they are called with',
    [
      ...base,
      entry(
        '#!/bin/sh\nstart() {\n  if [ "$1" = x ]; then shift; fi\n  exec "$@"\n}\nmain() { start "$@"; }\nmain "$@"\n',
      ),
    ],
    through('x app'),
    'usr/local/bin/app',
    [shell, 'docker-entrypoint.sh', 'usr/local/bin/app'],
  ],
  [
    'variables, their defaults and those of the image',
    [...base, entry('#!/bin/sh\nDIR=/usr/local\nexec "${RUNNER:-$DIR/bin/$NAME}"\n')],
    {entrypoint: ['/docker-entrypoint.sh'], env: ['NAME=app']},
    'usr/local/bin/app',
    [shell, 'docker-entrypoint.sh', 'usr/local/bin/app'],
  ],
  [
    'a list',
    [...base, entry('#!/bin/sh\nargs=( app --x )\nargs+=( "$1" )\nexec "${args[@]}"\n')],
    through('y'),
    'usr/local/bin/app',
    [shell, 'docker-entrypoint.sh', 'usr/local/bin/app'],
  ],
  [
    'where the script itself lies',
    [
      ...base,
      scriptFile(
        'opt/x/bin/run.sh',
        '#!/bin/sh\nHOME=$(cd "$(dirname "$0")/.." && pwd)\nexec "$HOME/lib/server" "$@"\n',
      ),
      program('opt/x/lib/server'),
    ],
    run('/opt/x/bin/run.sh'),
    'opt/x/lib/server',
    [shell, 'opt/x/bin/run.sh', 'opt/x/lib/server'],
  ],
  [
    'which',
    [...base, entry('#!/bin/sh\nexec $(which app) "$@"\n')],
    through('x'),
    'usr/local/bin/app',
    [shell, 'docker-entrypoint.sh', 'usr/local/bin/app'],
  ],
  [
    'a folder of scripts',
    [
      ...base,
      scriptFile('docker-entrypoint.d/10-x.sh', '#!/bin/sh\ncurl x\n'),
      scriptFile('docker-entrypoint.d/20-y.envsh', 'export Y=1\n', 0o644),
      entry(
        '#!/bin/sh\nfind "/docker-entrypoint.d/" -follow -type f | sort | while read -r f; do\n  case "$f" in\n    *.envsh) . "$f" ;;\n    *.sh) "$f" ;;\n  esac\ndone\nexec "$@"\n',
      ),
    ],
    through('app'),
    'usr/local/bin/app',
    [
      shell,
      'docker-entrypoint.d/10-x.sh',
      'docker-entrypoint.d/20-y.envsh',
      'docker-entrypoint.sh',
      'usr/bin/curl',
      'usr/local/bin/app',
    ],
  ],
  [
    'a folder of scripts by a pattern, given to a function',
    [
      ...base,
      scriptFile('init.d/a.sh', '#!/bin/sh\ncurl x\n'),
      entry('#!/bin/sh\neach() { for f; do "$f"; done; }\neach /init.d/*.sh /none/*\nexec app\n'),
    ],
    through('x'),
    'usr/local/bin/app',
    [shell, 'docker-entrypoint.sh', 'init.d/a.sh', 'usr/bin/curl', 'usr/local/bin/app'],
  ],
  [
    'a script that it reads, and one that is not there',
    [
      ...base,
      scriptFile('opt/vars.sh', 'SERVER=app\n', 0o644),
      entry('#!/bin/sh\n. /opt/vars.sh\n. /opt/none.sh\nexec "$SERVER"\n'),
    ],
    through('x'),
    'usr/local/bin/app',
    [shell, 'docker-entrypoint.sh', 'opt/vars.sh', 'usr/local/bin/app'],
  ],
  [
    'a command that is not there in a branch',
    [...base, entry('#!/bin/sh\nif command -v gosu; then exec gosu x app; fi\nexec app\n')],
    through('x'),
    'usr/local/bin/app',
    [shell, 'docker-entrypoint.sh', 'usr/local/bin/app'],
  ],
  [
    'what comes behind exec',
    [...base, entry('#!/bin/sh\nexec app\nexec "$UNKNOWN"\ncurl\n')],
    through('x'),
    'usr/local/bin/app',
    [shell, 'docker-entrypoint.sh', 'usr/local/bin/app'],
  ],
  [
    'the library path and what is preloaded',
    [...base, program('opt/x', 'liba.so'), library('opt/lib/liba.so'), library('usr/lib/libjemalloc.so.2')],
    {cmd: ['/opt/x'], env: ['LD_LIBRARY_PATH=/opt/lib', 'LD_PRELOAD=/usr/lib/libjemalloc.so.2']},
    'opt/x',
    ['opt/lib/liba.so', 'opt/x', 'usr/lib/libjemalloc.so.2'],
  ],
  [
    'plugins, and their libraries, and plugins of these',
    [
      ...base,
      library('usr/lib/nginx/modules/ngx_x.so', 'libz.so.1'),
      library('usr/lib/libz.so.1'),
      library('usr/lib/ossl-modules/legacy.so'),
      library('usr/lib/other/y.so'),
    ],
    run('nginx'),
    'usr/sbin/nginx',
    [
      'usr/lib/libcrypto.so.3',
      'usr/lib/libssl.so.3',
      'usr/lib/libz.so.1',
      'usr/lib/nginx/modules/ngx_x.so',
      'usr/lib/ossl-modules/legacy.so',
      'usr/sbin/nginx',
    ],
  ],
  [
    'a script of Python, and its own version of it alone',
    [
      ...alpine,
      program('usr/bin/python3.11', 'libpython3.11.so.1.0'),
      symlink('usr/bin/python3', 'python3.11'),
      library('usr/lib/libpython3.11.so.1.0'),
      library('usr/lib/python3.11/lib-dynload/_ssl.cpython-311-x86_64-linux-musl.so'),
      library('usr/lib/python3.10/lib-dynload/_ssl.cpython-310-x86_64-linux-musl.so'),
      library('app/fast.abi3.so'),
      library('app/other.so'),
      scriptFile('app/main', '#!/usr/bin/env python3\nimport os\n'),
    ],
    run('/app/main'),
    'usr/bin/python3.11',
    [
      shell,
      'app/fast.abi3.so',
      'app/main',
      'usr/bin/python3.11',
      'usr/lib/libpython3.11.so.1.0',
      'usr/lib/python3.11/lib-dynload/_ssl.cpython-311-x86_64-linux-musl.so',
    ],
  ],
  [
    'add-ons of Node',
    [
      ...alpine,
      program('usr/local/bin/node'),
      library('app/node_modules/x/build/Release/x.node'),
      file('app/server.js', 'x'),
    ],
    {entrypoint: ['node', '--y', 'server.js'], workingDir: '/app'},
    'usr/local/bin/node',
    ['app/node_modules/x/build/Release/x.node', 'app/server.js', 'usr/local/bin/node'],
  ],
  [
    'PHP, and its own modules',
    [
      ...alpine,
      program('usr/sbin/php-fpm83'),
      library('usr/lib/php83/modules/x.so'),
      library('usr/lib/php82/modules/x.so'),
    ],
    run('php-fpm83 -F'),
    'usr/sbin/php-fpm83',
    ['usr/lib/php83/modules/x.so', 'usr/sbin/php-fpm83'],
  ],
  [
    'Java below its own folder',
    [
      ...alpine,
      program('opt/java/bin/java'),
      library('opt/java/lib/server/libjvm.so'),
      library('opt/other/lib/y.so'),
      file('app.jar', 'PK'),
    ],
    run('/opt/java/bin/java -jar /app.jar'),
    'opt/java/bin/java',
    ['app.jar', 'opt/java/bin/java', 'opt/java/lib/server/libjvm.so'],
  ],
  [
    'programs that a server starts',
    [
      ...alpine,
      program('usr/sbin/postfix'),
      program('usr/libexec/postfix/master', 'libdb.so'),
      library('usr/lib/libdb.so'),
    ],
    run('postfix start-fg'),
    'usr/sbin/postfix',
    ['usr/lib/libdb.so', 'usr/libexec/postfix/master', 'usr/sbin/postfix'],
  ],
]
for (const [name, items, start, left, files] of cases) {
  test(`loaded: ${name}`, async () => {
    const loaded = await loadedOf(items, start)
    const links = new Set<unknown>([...linksOf(items), loaderFile])
    expect({...loaded, files: loaded.files.filter(path => !links.has(path))}).toMatchObject({
      program: left,
      files: [...files].sort(),
      reason: null,
    })
  })
}

const lost: [name: string, items: readonly TarItem[], start: StartConfig, reason: string][] = [
  ['nothing to start', base, {}, 'the image names neither an ENTRYPOINT nor a CMD'],
  ['a program that is not there', base, run('server'), 'server is no program of the image'],
  [
    'a program that a launcher starts is not there',
    base,
    run('tini -- server'),
    'server, which sbin/tini is to start, is not in the image',
  ],
  [
    'a file that is no program',
    [...base, scriptFile('run', 'exec app')],
    run('/run'),
    'run is neither an ELF file nor a script with a #! line',
  ],
  [
    'an interpreter that is not there',
    [...base, scriptFile('run', '#!/bin/bash\n')],
    run('/run'),
    'run: its interpreter /bin/bash is not there',
  ],
  [
    'a script that was not kept',
    [...base, file('data/x', '\0\0')],
    run('sh /data/x'),
    'data/x was not read: it is no script of a shell, or too long for one',
  ],
  [
    'what only the container knows',
    [...base, entry('#!/bin/sh\n\nexec "$(cat /x)" y\n')],
    through('x'),
    'docker-entrypoint.sh, line 3: only the running container knows what it starts',
  ],
  [
    'what the container is given',
    [...base, entry('#!/bin/sh\nexec "$@"\n')],
    {entrypoint: ['/docker-entrypoint.sh']},
    'docker-entrypoint.sh, line 2: it starts what the container is given, and that is nothing',
  ],
  [
    'a missing program behind exec',
    [...base, entry('#!/bin/sh\nexec gone "$@"\n')],
    through('x'),
    'docker-entrypoint.sh, line 2: it starts gone, which is not there',
  ],
  [
    'eval',
    [...base, entry('#!/bin/sh\neval "$(cat x)"\nexec app\n')],
    through('x'),
    'docker-entrypoint.sh, line 2: only the running container knows what it runs',
  ],
  [
    'a supervisor',
    [...base, program('usr/bin/supervisord')],
    run('supervisord -c /x'),
    'supervisord starts what its own configuration names',
  ],
  [
    'npm',
    [...base, program('usr/bin/node'), scriptFile('usr/bin/npm', '#!/usr/bin/env node\n')],
    run('npm start'),
    'npm starts what its own configuration names',
  ],
  [
    'a library that is missing',
    [...alpine, program('srv', 'libgone.so.1')],
    run('/srv'),
    'srv: it needs libgone.so.1, which is not there',
  ],
  [
    'scripts that start scripts for ever',
    [
      ...base,
      ...Array.from({length: 40}, (_, n) => scriptFile(`s${n}.sh`, `#!/bin/sh\nexec /s${n + 1}.sh\n`)),
      scriptFile('s40.sh', '#!/bin/sh\n'),
    ],
    run('/s0.sh'),
    's11.sh: scripts start scripts, deeper than any real ones',
  ],
]
for (const [name, items, start, reason] of lost) {
  test(`not followed: ${name}`, async () => {
    expect((await loadedOf(items, start)).reason).toBe(reason)
  })
}

test('packages of the files, by any of their names, and those that an interpreter reads', async () => {
  const site = 'usr/lib/python3.11/site-packages'
  const loaded = await loadedOf(
    [
      ...alpine,
      program('usr/bin/python3.11'),
      hardlink('usr/bin/python3', 'usr/bin/python3.11'),
      file(`${site}/requests/api.py`),
    ],
    {
      cmd: ['python3'],
      packages: [
        {name: 'python3', version: '3.11-r0', files: ['usr/bin/python3.11']},
        {name: 'py3-requests', version: '2-r0', files: ['usr/lib/python3.11/site-packages/requests/api.py']},
        {name: 'musl', version: '1.2.5-r0', files: ['lib/ld-musl-x86_64.so.1']},
        {name: 'busybox', version: '1.36-r0', files: ['bin/busybox']},
        {name: 'tzdata', version: '1-r0', files: ['usr/share/zoneinfo/UTC']},
      ],
    },
  )
  expect(loaded.packages).toEqual(['musl', 'py3-requests', 'python3'])
})

test('links to programs, which may be of other packages', async () => {
  const loaded = await loadedOf(alpine, {
    cmd: ['env', 'sh'],
    packages: [
      {name: 'busybox', version: '1.36-r0', files: ['bin/busybox']},
      {name: 'busybox-binsh', version: '1.36-r0', files: ['bin/sh']},
      {name: 'busybox-extras', version: '1.36-r0', files: ['bin/ls']},
    ],
  })
  expect(loaded.files).toEqual(['bin/busybox', 'bin/sh', loaderFile, 'usr/bin/env'])
  expect(loaded.packages).toEqual(['busybox', 'busybox-binsh'])
})
