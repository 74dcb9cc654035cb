import type {Segment} from '../model/elf.js'
import {ElfError} from '../model/errors.js'
import {parseProgramHeaders, programHeaderBytes} from './header.js'
import {elfLimits} from './limits.js'
import type {Reader} from './reader.js'

/** p_type, as far as piton reads them. */
export const SegmentType = {
  load: 1,
  dynamic: 2,
  interpreter: 3,
  note: 4,
  tls: 7,
  gnuEhFrame: 0x6474e550,
  gnuStack: 0x6474e551,
  gnuRelro: 0x6474e552,
  gnuProperty: 0x6474e553,
} as const

/** e_phnum when there are more: the number is in sh_info of section 0. */
const extendedCount = 0xffff

/**
 * Reads the program headers, of which an object file has none.
 * @throws {ElfError} where the table is not in the file, or its entries have another size than the kernel accepts
 */
export function readSegments(reader: Reader): readonly Segment[] {
  const {header, bytes, bits} = reader
  const count = header.phnum === extendedCount ? extendedSegmentCount(reader) : header.phnum
  if (count === 0) return []
  const size = programHeaderBytes[bits]
  if (header.phentsize !== size) {
    throw new ElfError('ELF_BAD_HEADER', `${bytes.where}: e_phentsize is ${header.phentsize} instead of ${size}`)
  }
  if (count > elfLimits.segments) {
    throw new ElfError('ELF_LIMIT', `${bytes.where}: ${count} program headers, more than ${elfLimits.segments}`)
  }
  const segments = parseProgramHeaders(bytes.take(header.phoff, count * size, 'the program header table'), header)
  checkSegments(reader, segments)
  return segments
}

/** Warns of each segment that has bytes which the file does not hold. */
function checkSegments(reader: Reader, segments: readonly Segment[]): void {
  for (const {type, offset, fileBytes} of segments) {
    if (fileBytes > 0 && !(fileBytes <= reader.bytes.sizeBytes - offset)) {
      const name = type === SegmentType.load ? 'PT_LOAD' : `segment of type 0x${type.toString(16)}`
      const place = `${fileBytes} bytes at ${offset}, the file ends at ${reader.bytes.sizeBytes}`
      reader.warn('ELF_TRUNCATED', `a ${name} needs ${place}`)
    }
  }
}

function extendedSegmentCount({header, bytes, bits}: Reader): number {
  const [offset, size] = bits === 64 ? [44, 4] : [28, 4]
  if (header.shoff === 0) return extendedCount
  return bytes.cursor(header.shoff + offset, size, 'sh_info of section 0').u32()
}
