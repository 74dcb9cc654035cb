import {elfLimits} from '../elf/limits.js'
import {SymbolName} from './symbol-name.js'

/** st_shndx of an undefined symbol. */
const undefinedSection = 0
const SymbolBinding = {local: 0, global: 1, weak: 2, unique: 10} as const
const SymbolType = {none: 0, object: 1, function: 2, section: 3, common: 5, tls: 6} as const

/** Types and bindings that a lookup accepts. STT_GNU_IFUNC is not among them: musl does not see what is exported so. */
const acceptedTypes: ReadonlySet<number> = new Set([
  SymbolType.none,
  SymbolType.object,
  SymbolType.function,
  SymbolType.common,
  SymbolType.tls,
])
const acceptedBindings: ReadonlySet<number> = new Set([SymbolBinding.global, SymbolBinding.weak, SymbolBinding.unique])

/** The dynamic symbols of an object as the loader sees them: entries and names, at addresses that it does not check. */
export class SymbolEntries {
  readonly strings: Uint8Array
  readonly count: number
  readonly #view: DataView
  readonly #little: boolean
  /** DT_VERSYM; null without it. */
  readonly #versions: DataView | null
  readonly #at: typeof layout32

  constructor(entries: Uint8Array, strings: Uint8Array, versions: Uint8Array | null, bits: 32 | 64, little: boolean) {
    this.strings = strings
    this.#at = bits === 64 ? layout64 : layout32
    this.count = Math.min(Math.floor(entries.length / this.#at.sizeBytes), elfLimits.symbols)
    this.#view = viewOf(entries)
    this.#versions = versions === null ? null : viewOf(versions)
    this.#little = little
  }

  nameOffset(index: number): number {
    return this.#view.getUint32(index * this.#at.sizeBytes, this.#little)
  }

  name(index: number): SymbolName {
    return new SymbolName(this.strings, this.nameOffset(index))
  }

  isLocal(index: number): boolean {
    return this.#info(index) >> 4 === SymbolBinding.local
  }

  isSection(index: number): boolean {
    return (this.#info(index) & 0xf) === SymbolType.section
  }

  isDefined(index: number): boolean {
    return this.#section(index) !== undefinedSection
  }

  isWeak(index: number): boolean {
    return this.#info(index) >> 4 === SymbolBinding.weak
  }

  /** `foo@V`: bit 15 of its version. Lookups pass it by. */
  isHidden(index: number): boolean {
    if (this.#versions === null || index * 2 + 2 > this.#versions.byteLength) return false
    return (this.#versions.getUint16(index * 2, this.#little) & 0x8000) !== 0
  }

  /** Does a lookup that has come to this entry take it? If not, it goes on with the next object. */
  isAccepted(index: number, needsDefinition: boolean): boolean {
    const info = this.#info(index)
    const type = info & 0xf
    if (!acceptedTypes.has(type) || !acceptedBindings.has(info >> 4)) return false
    if (!this.isDefined(index) && (needsDefinition || type === SymbolType.tls)) return false
    return type === SymbolType.tls || this.#hasValue(index)
  }

  #info(index: number): number {
    return this.#view.getUint8(index * this.#at.sizeBytes + this.#at.info)
  }

  #section(index: number): number {
    return this.#view.getUint16(index * this.#at.sizeBytes + this.#at.section, this.#little)
  }

  #hasValue(index: number): boolean {
    const at = index * this.#at.sizeBytes + this.#at.value
    return this.#view.getUint32(at, this.#little) !== 0 || (this.#at.wide && this.#view.getUint32(at + 4) !== 0)
  }
}

/** Elf32_Sym and Elf64_Sym. */
const layout32 = {sizeBytes: 16, value: 4, info: 12, section: 14, wide: false}
const layout64 = {sizeBytes: 24, value: 8, info: 4, section: 6, wide: true}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
