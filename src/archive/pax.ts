import {copyBytes} from '../model/bytes.js'
import {ArchiveError} from '../model/errors.js'
import {limits} from '../model/limits.js'
import {decodeName, latin1} from './names.js'
import {damaged} from './tar-header.js'

/** What PAX records and GNU long names say about the next member, over its header. */
export interface PaxRecords {
  readonly path?: string
  readonly linkPath?: string
  readonly size?: number
  readonly uid?: number
  readonly gid?: number
  /** `SCHILY.xattr.security.capability`. */
  readonly capability?: Uint8Array
  /** `GNU.sparse.*`: version 0.0 and 0.1 carry the map here, 1.0 says that it stands before the data. */
  readonly sparse?: {readonly realSize: number | null; readonly map: readonly number[] | null; readonly inData: boolean}
}

const newline = 0x0a
const equals = 0x3d
const space = 0x20

/**
 * Reads the records of an extended header: `length key=value\n`. An empty value takes an earlier one back.
 * @throws {ArchiveError} ARCHIVE_BAD_HEADER for a record whose length is wrong, or a name with a NUL in it
 * @see POSIX.1-2017 pax, "pax Extended Header"; GNU tar manual, "Storing Sparse Files"
 */
export function parsePax(bytes: Uint8Array, where: () => string): PaxRecords {
  const records: {-readonly [K in keyof PaxRecords]: PaxRecords[K]} = {}
  const sparse = new SparseKeys()
  for (let at = 0; at < bytes.length && bytes[at] !== 0; ) {
    const blank = bytes.indexOf(space, at)
    const length = blank < 0 || blank - at > 10 ? Number.NaN : decimal(latin1(bytes, at, blank))
    const end = at + length
    if (!(length > blank - at + 1 && end <= bytes.length && bytes[end - 1] === newline)) throw malformed(where)
    const sign = bytes.indexOf(equals, blank)
    if (sign < 0 || sign >= end) throw malformed(where)
    const key: string = latin1(bytes, blank + 1, sign)
    const value = bytes.subarray(sign + 1, end - 1)
    at = end
    switch (key) {
      case 'path':
        setName(records, 'path', value, where)
        break
      case 'linkpath':
        setName(records, 'linkPath', value, where)
        break
      case 'size':
      case 'uid':
      case 'gid':
        if (value.length === 0) delete records[key]
        else records[key] = whole(value, where)
        break
      case 'SCHILY.xattr.security.capability':
        if (value.length <= limits.capabilityBytes) records.capability = copyBytes(value)
        break
      default:
        if (key.startsWith('GNU.sparse.')) sparse.take(key.slice(11), value, where)
    }
  }
  if (sparse.name !== null) records.path = sparse.name
  const found = sparse.result()
  if (found !== null) records.sparse = found
  return records
}

/** Collects `GNU.sparse.*` of all three versions. */
class SparseKeys {
  name: string | null = null
  #realSize: number | null = null
  #map: number[] | null = null
  #inData = false
  #seen = false

  take(key: string, value: Uint8Array, where: () => string): void {
    this.#seen = true
    switch (key) {
      case 'name':
        this.name = decodeName(value)
        break
      case 'size':
      case 'realsize':
        this.#realSize = whole(value, where)
        break
      case 'offset':
      case 'numbytes':
        this.#map ??= []
        this.#map.push(whole(value, where))
        break
      case 'map':
        this.#map = value.length === 0 ? [] : latin1(value).split(',').map(decimal)
        if (this.#map.some(Number.isNaN) || this.#map.length % 2 !== 0) throw malformed(where)
        break
      case 'major':
        this.#inData = value.length === 1 && value[0] === 0x31
        break
    }
  }

  result(): NonNullable<PaxRecords['sparse']> | null {
    return this.#seen ? {realSize: this.#realSize, map: this.#map, inData: this.#inData} : null
  }
}

function setName(
  records: {path?: string; linkPath?: string},
  key: 'path' | 'linkPath',
  value: Uint8Array,
  where: () => string,
): void {
  if (value.includes(0)) throw malformed(where)
  if (value.length === 0) delete records[key]
  else records[key] = decodeName(value)
}

function whole(value: Uint8Array, where: () => string): number {
  const number = decimal(latin1(value, 0, Math.min(value.length, 40)))
  if (Number.isNaN(number)) throw malformed(where)
  return number
}

/** Decimal digits as a safe integer; NaN for anything else. */
export function decimal(text: string): number {
  const number = /^[0-9]{1,16}$/.test(text) ? Number(text) : Number.NaN
  return Number.isSafeInteger(number) ? number : Number.NaN
}

function malformed(where: () => string): ArchiveError {
  return new ArchiveError('ARCHIVE_BAD_HEADER', `${where()}: an extended tar header is malformed`, damaged)
}
