import {PitonError} from '../model/errors.js'
import {limits} from '../model/limits.js'
import type {Collector} from '../rootfs/index.js'
import {elfCodec} from './elf-codec.js'
import {type ElfRecord, readElfRecord, weighElfRecord} from './elf-file.js'

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
      return readElfRecord(body, path, warn)
    } catch (error) {
      if (!(error instanceof PitonError)) throw error
      warn({code: error.code, path, message: error.message, hides: true})
      return undefined
    }
  },
  weigh: weighElfRecord,
  codec: elfCodec,
}
