import {Buffer} from 'node:buffer'
import elfy from 'elfy'
import type {ByteSource} from '../model/bytes.js'
import type {ElfHeader, Segment} from '../model/elf.js'
import {ElfError} from '../model/errors.js'
import {machineName} from './machine.js'

/** e_type. */
export const FileType = {none: 0, relocatable: 1, executable: 2, dynamic: 3, core: 4} as const

/** Size of the ELF header of either class, of its identification, and of a program header. */
const headerBytes = {32: 52, 64: 64} as const
const identBytes = 16
export const programHeaderBytes = {32: 32, 64: 56} as const

/** p_flags. */
export const SegmentFlag = {execute: 1, write: 2, read: 4} as const

/** Do these first bytes of a file begin with the ELF magic? Four bytes are enough. */
export function isElf(head: Uint8Array): boolean {
  return head[0] === 0x7f && head[1] === 0x45 && head[2] === 0x4c && head[3] === 0x46
}

/**
 * Reads the ELF header. This file is the one place that knows elfy. It gets the bytes of the headers and nothing else, and
 * only numbers are taken from it: its lists of machines and types are incomplete, and it reads EI_OSABI one byte too early.
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
  const {entry, flags, phoff, phentsize, phnum, shoff, shentsize, shnum, shstrndx} = new elfy.Parser().parseHeader(view)
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

/**
 * The program headers in `table`, which holds whole entries. Addresses above 2^53 are rounded.
 * @param table bytes that were checked: elfy reads past the end of nothing else
 */
export function parseProgramHeaders(table: Uint8Array, header: ElfHeader): readonly Segment[] {
  const parser = new elfy.Parser()
  const little = header.endian === 'little'
  parser.setEndian(little ? 'lsb' : 'msb')
  const size = programHeaderBytes[header.class]
  const class_ = {class: header.class === 64 ? '64' : '32'} as const
  const segments: Segment[] = []
  for (let at = 0; at < table.length; at += size) {
    const entry = Buffer.from(table.buffer, table.byteOffset + at, size)
    const {offset, vaddr, filesz, memsz, flags, align} = parser.parseProgram(entry, class_, noBytes)
    segments.push({
      // elfy drops every p_type that it has no name for, PT_GNU_PROPERTY among them.
      type: little ? entry.readUInt32LE(0) : entry.readUInt32BE(0),
      flags:
        (flags['x'] ? SegmentFlag.execute : 0) |
        (flags['w'] ? SegmentFlag.write : 0) |
        (flags['r'] ? SegmentFlag.read : 0),
      offset,
      address: vaddr,
      fileBytes: filesz,
      memoryBytes: memsz,
      align,
    })
  }
  return segments
}

/** What elfy may cut a segment's contents from: nothing, they are read when they are needed. */
const noBytes = Buffer.alloc(0)

function truncated(where: string, bytes: Uint8Array, needed: number): ElfError {
  return new ElfError(
    'ELF_TRUNCATED',
    `${where}: the ELF header needs ${needed} bytes, the file ends at ${bytes.length}`,
  )
}
