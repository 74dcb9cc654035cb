import {memorySource} from '../../../src/bytes/source.js'
import {hardening} from '../../../src/elf/hardening.js'
import {originOf} from '../../../src/elf/origin.js'
import {readElf} from '../../../src/elf/read.js'
import {readElfRecord} from '../../../src/facts/elf-file.js'
import {isUnreadable} from '../../../src/model/elf.js'
import {ElfError} from '../../../src/model/errors.js'
import {elfOf, noteOf} from '../../support/elf.js'
import {sharedFiles} from '../seeds.js'
import {type FuzzTarget, insist} from '../target.js'

const verdicts = new Set(['yes', 'no', 'unknown', 'not-applicable'])

/** Any ELF file: facts with verdicts, or a refusal; whatever the tables claim. */
export const target: FuzzTarget = {
  name: 'elf',
  dictionary: [
    new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]),
    new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 1, 2, 1]),
    ...[0x6ffffef5, 0x6ffffffb, 0x6ffffffe, 0x6fffffff, 0x6474e550, 0x6474e551, 0x6474e552, 0x6474e553].map(word32),
    ...[1, 2, 3, 4, 5, 6, 7, 9, 10, 14, 15, 17, 20, 21, 23, 29, 30, 35, 36].map(word32),
    'GNU\0',
    '__stack_chk_fail\0',
    '.eh_frame\0',
    '.note.gnu.property\0',
  ],
  mostBytes: 48 * 1024,
  *seeds() {
    for (const bits of [64, 32] as const) {
      for (const little of [true, false]) {
        yield elfOf({
          bits,
          little,
          interpreter: '/lib/ld-musl-x86_64.so.1',
          symbols: [{name: '__stack_chk_fail'}, {name: 'printf'}, {name: 'main', section: 4, value: 0x100}],
          needed: ['libc.so'],
          runpath: '/a:$ORIGIN',
          versions: {
            indexes: [0, 2, 1, 3],
            needed: [{library: 'libc.so', versions: [[2, 'V_1']]}],
            defined: [[3, 'X_1']],
          },
          relocations: [{table: 'jmprel', symbol: 1, type: 7}],
          relr: [0x100, 7],
          notes: noteOf('GNU', 3, [1, 2, 3, 4]),
          comment: 'GCC: (x) 13\0',
          frames: {functions: [[0, 1]]},
        }).bytes
      }
    }
    yield elfOf({sections: false, dynamic: null, code: Buffer.from('64488b042528000000c3', 'hex'), text: 'go1.21'})
      .bytes
    yield* sharedFiles('corpus/elf/bin', /^d0[0-3][0-9]/, 24_000)
    yield* sharedFiles('corpus/hostile/cases', /^elf-/, 48_000)
    yield* sharedFiles('corpus/hostile/real', /^(?!.*\.tar$)/, 48_000)
  },
  run(input) {
    const source = memorySource(input)
    const elf = readElf(source, 'x')
    for (const {verdict} of Object.values(hardening(elf))) insist(verdicts.has(verdict), `${verdict} is a verdict`)
    originOf(elf)
    elf.relocations()
    elf.unwound()
    for (const table of [elf.symbols(), elf.staticSymbols()]) if (!isUnreadable(table)) table?.list()
    for (const {code, message} of elf.warnings) {
      insist(code.startsWith('ELF_') && message.startsWith('x'), 'a warning names the file')
      insist(message.length < 10_000, 'a warning is a sentence')
    }
    try {
      readElfRecord(source, 'x', () => {}).object()
    } catch (error) {
      insist(error instanceof ElfError, 'an ELF file makes an ElfError')
    }
  },
}

function word32(value: number): Uint8Array {
  const bytes = Buffer.alloc(8)
  bytes.writeUInt32LE(value)
  return bytes
}
