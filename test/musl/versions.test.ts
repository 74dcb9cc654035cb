import {describe, expect, test} from 'vitest'
import {parseMuslVersion} from '../../src/musl/index.js'
import {dynamicOf, R} from '../support/elf-dynamic.js'
import {type Cases, interpreter, summary, verdictOf} from './loader-cases.js'

const relr = {'/bin/p': dynamicOf({interpreter, needed: ['libc.so'], relr: [0x1000, 0b111]})}
const secondLibc = {
  '/bin/p': dynamicOf({interpreter, needed: ['/opt/libc.so.6'], uses: [['only_glibc', R.call]]}),
  '/opt/libc.so.6': dynamicOf({defines: ['__libc_start_main', 'stdin', 'only_glibc']}),
}
const prefix = {'/bin/p': dynamicOf({interpreter, needed: ['libp.so', 'libx.so.1', 'libu.so', 'libut.so', 'libq.so']})}
const tlsdesc = (machine: 'arm' | 'riscv64', type: number) => ({
  machine,
  files: {'/bin/p': dynamicOf({machine, needed: ['libc.so'], uses: [['', type]]})},
})

/** Section 9: what older versions do. */
const versions: Cases = [
  ['DT_RELR from 1.2.4', {files: relr, version: '1.2.4_git20230717-r4'}, 'loads'],
  ['is ignored before', {files: relr, version: '1.2.3'}, 'unsupported_relocation, DT_RELR x3 (bin/p)'],
  ['and a listing does not show it', {files: relr, version: '1.2.3', listed: true}, 'loads'],
  ['a second libc is loaded by 1.1.16', {files: secondLibc, version: '1.1.16'}, 'loads'],
  ['and dropped by 1.1.17', {files: secondLibc, version: '1.1.17'}, 'symbol_not_found, only_glibc (bin/p)'],
  [
    '1.1.15 takes beginnings of its names for itself',
    {files: prefix, version: '1.1.15'},
    'missing_library, libq.so missing (bin/p)',
  ],
  [
    '1.1.16 does not',
    {files: prefix, version: '1.1.16'},
    'missing_library, libp.so missing (bin/p), libx.so.1 missing (bin/p), libu.so missing (bin/p), libut.so missing (bin/p), libq.so missing (bin/p)',
  ],
  ['TLS descriptors of arm', {...tlsdesc('arm', 13), version: '1.1.21'}, 'loads'],
  ['before', {...tlsdesc('arm', 13), version: '1.1.20'}, 'unsupported_relocation, R_ARM_TLS_DESC x1 (bin/p)'],
  ['TLS descriptors of riscv64', {...tlsdesc('riscv64', 12), version: '1.2.5'}, 'loads'],
  ['before', {...tlsdesc('riscv64', 12), version: '1.2.4'}, 'unsupported_relocation, R_RISCV_TLSDESC x1 (bin/p)'],
]

describe('versions', () => {
  test.each(versions)('%s', (_, given, expected) => expect(summary(verdictOf(given))).toBe(expected))
})

test.each([
  ['1.2.4_git20230717-r4', [1, 2, 4]],
  ['1.1.20-r3', [1, 1, 20]],
  ['v1.2.5', [1, 2, 5]],
  ['1.2', null],
  ['edge', null],
])('parseMuslVersion(%j)', (text, expected) => expect(parseMuslVersion(text)).toEqual(expected))
