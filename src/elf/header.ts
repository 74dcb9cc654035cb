import {Buffer} from 'node:buffer'
import elfy from 'elfy'
import type {ByteSource} from '../model/bytes.js'
import type {ElfHeader} from '../model/elf.js'
import {ElfError} from '../model/errors.js'
import {machineName} from './machine.js'

/** e_type. */
export const FileType = {none: 0, relocatable: 1, executable: 2, dynamic: 3, core: 4} as const

/** Size of the ELF header of either class, and of its identification. */
const headerBytes = {32: 52, 64: 64} as const
const identBytes = 16

const parser = new elfy.Parser()

/** Do these first bytes of a file begin with the ELF magic? Four bytes are enough. */
export function isElf(head: Uint8Array): boolean {
  return head[0] === 0x7f && head[1] === 0x45 && head[2] === 0x4c && head[3] === 0x46
}

/**
 * Reads the ELF header. This is the one place that knows elfy. It gets the bytes of the header and nothing else, and
 * only the numbers are taken from it: it names an incomplete list of types and machines, reads EI_OSABI one byte too
 * early, and its program headers lose every p_type that it has no name for, PT_GNU_PROPERTY among them.
 * @throws {ElfError} ELF_BAD_HEADER for another magic, class or byte order, ELF_TRUNCATED, ELF_LIMIT for an offset over 2^53
 */
export function readHeader(source: ByteSource, where: string): ElfHeader {
  const bytes = source.read(0, headerBytes[64])
  if (!isElf(bytes)) throw new ElfError('ELF_BAD_HEADER', `${where}: does not begin with the ELF magic`)
  if (bytes.length < identBytes) throw truncated(where, bytes, identBytes)

  const bits = bytes[4] === 1 ? 32 : bytes[4] === 2 ? 64 : null
  if (bits === null) throw new ElfError('ELF_BAD_HEADER', `${where}: unknown class ${bytes[4]} at 4`)
  const little = bytes[5] === 1
  if (!little && bytes[5] !== 2) throw new ElfError('ELF_BAD_HEADER', `${where}: unknown byte order ${bytes[5]} at 5`)
  if (bytes.length < headerBytes[bits]) throw truncated(where, bytes, headerBytes[bits])

  const view = Buffer.from(bytes.buffer, bytes.byteOffset, headerBytes[bits])
  const {entry, flags, phoff, phentsize, phnum, shoff, shentsize, shnum, shstrndx} = parser.parseHeader(view)
  for (const [field, offset] of [
    ['e_phoff', phoff],
    ['e_shoff', shoff],
  ] as const) {
    if (offset > Number.MAX_SAFE_INTEGER) throw new ElfError('ELF_LIMIT', `${where}: ${field} is out of range`)
  }
  const machineCode = little ? view.readUInt16LE(18) : view.readUInt16BE(18)
  return {
    class: bits,
    endian: little ? 'little' : 'big',
    osabi: view.readUInt8(7),
    abiVersion: view.readUInt8(8),
    type: little ? view.readUInt16LE(16) : view.readUInt16BE(16),
    machine: machineName(machineCode, bits, little),
    machineCode,
    entry,
    flags,
    phoff,
    phentsize,
    phnum,
    shoff,
    shentsize,
    shnum,
    shstrndx,
  }
}

function truncated(where: string, bytes: Uint8Array, needed: number): ElfError {
  return new ElfError(
    'ELF_TRUNCATED',
    `${where}: the ELF header needs ${needed} bytes, the file ends at ${bytes.length}`,
  )
}
