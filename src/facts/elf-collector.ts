import {hardening} from '../elf/hardening.js'
import {originOf} from '../elf/origin.js'
import {readElf} from '../elf/read.js'
import {type ElfFacts, type Hardening, isUnreadable, type Origin, type Part} from '../model/elf.js'
import {PitonError} from '../model/errors.js'
import {limits} from '../model/limits.js'
import type {Collector} from '../rootfs/index.js'

/** What is kept of an ELF file when its bytes are gone. */
export interface ElfRecord extends Pick<ElfFacts, 'header' | 'type' | 'segments' | 'dynamic'> {
  readonly interpreter: string | null
  readonly buildID: string | null
  readonly origin: Origin
  /** The run path is judged by its text; what it leads to is known when all layers are merged. */
  readonly hardening: Hardening
}

/** Every ELF file, by its first bytes: names and modes say nothing. */
export const elfFile: Collector<ElfRecord> = {
  name: 'elfFile',
  wants: () => true,
  magic: new Uint8Array([0x7f, 0x45, 0x4c, 0x46]),
  limitBytes: limits.elfBytes,
  read(body, {path, size}, warn) {
    if (body.sizeBytes < size) {
      const message = `${path} has ${size} bytes; only the first ${body.sizeBytes} were looked at`
      warn({code: 'LIMIT_ELF_SIZE', path, message, hides: true})
    }
    try {
      const elf = readElf(body, path)
      const {header, type, segments, dynamic} = elf
      const record: ElfRecord = {
        header,
        type,
        segments,
        dynamic,
        interpreter: known(elf.interpreter, null),
        buildID: known(elf.notes(), null)?.buildID ?? null,
        origin: originOf(elf),
        hardening: hardening(elf),
      }
      for (const warning of elf.warnings) warn({...warning, path, hides: true})
      return record
    } catch (error) {
      if (!(error instanceof PitonError)) throw error
      warn({code: error.code, path, message: error.message, hides: true})
      return undefined
    }
  },
}

/** The value of a part, or `otherwise` where it could not be read; a warning has said so. */
export function known<T>(part: Part<T>, otherwise: T): T {
  return isUnreadable(part) ? otherwise : part
}
