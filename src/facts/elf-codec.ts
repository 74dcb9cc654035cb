import type {Dynamic} from '../model/elf.js'
import {isUnreadable, type Part} from '../model/elf.js'
import type {Codec} from '../model/stored.js'
import {type LoaderObject, objectCodec} from '../musl/index.js'
import type {ElfRecord} from './elf-file.js'

type PackedDynamic = Omit<Dynamic, 'values'> & {readonly values: readonly (readonly [tag: number, value: number])[]}

interface Packed extends Omit<ElfRecord, 'dynamic' | 'object'> {
  readonly dynamic: Part<PackedDynamic | null>
  readonly object: unknown
}

/** How what is known of an ELF file is kept between two runs. Its symbols are unpacked when the loader asks for them. */
export const elfCodec: Codec<ElfRecord> = {
  pack({header, type, segments, dynamic, interpreter, buildID, origin, hardening, object}, put): Packed {
    return {
      header,
      type,
      segments,
      dynamic: isUnreadable(dynamic) ? dynamic : dynamic && {...dynamic, values: [...dynamic.values]},
      interpreter,
      buildID,
      origin,
      hardening,
      object: objectCodec.pack(object(), put),
    }
  },
  unpack(packed, get) {
    const {dynamic, object: packedObject, ...plain} = packed as Packed
    let object: LoaderObject | null = null
    return {
      ...plain,
      dynamic: isUnreadable(dynamic) ? dynamic : dynamic && {...dynamic, values: new Map(dynamic.values)},
      object() {
        object ??= objectCodec.unpack(packedObject, get)
        return object
      },
    }
  },
}
