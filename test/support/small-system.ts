import {apkDatabase, releaseFiles, tinyElf} from './alpine.js'
import {file, type TarItem} from './tar.js'

/** Alpine 3.19 with one package that has a critical fix to come, two of one origin with a medium one, and musl. */
export const smallSystem: readonly TarItem[] = [
  ...releaseFiles('3.19.0'),
  apkDatabase([
    {name: 'musl', version: '1.2.4-r2', files: ['lib/ld-musl-x86_64.so.1']},
    {name: 'libssl3', version: '3.1.4-r2', origin: 'openssl', files: ['usr/lib/libssl.so.3']},
    {name: 'busybox', version: '1.36.1-r15', files: ['bin/busybox']},
    {name: 'ssl_client', version: '1.36.1-r15', origin: 'busybox'},
  ]),
  file('lib/ld-musl-x86_64.so.1', tinyElf(), {mode: 0o755}),
]

export const smallPackages = ['busybox', 'libssl3', 'musl', 'ssl_client']
