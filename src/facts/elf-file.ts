import {checkRunPath, type ImageView} from '../elf/checks/run-path.js'
import {hardening} from '../elf/hardening.js'
import {originOf} from '../elf/origin.js'
import {readElf} from '../elf/read.js'
import type {ByteSource} from '../model/bytes.js'
import {type ElfFacts, type Hardening, isUnreadable, type Origin, type Part} from '../model/elf.js'
import type {ElfFile, LoaderVerdict} from '../model/facts.js'
import type {Warn} from '../model/warning.js'
import {type LoaderObject, readObject} from '../musl/index.js'

/** What is kept of an ELF file when its bytes are gone. */
export interface ElfRecord extends Pick<ElfFacts, 'header' | 'type' | 'segments' | 'dynamic'> {
  readonly interpreter: string | null
  readonly buildID: string | null
  readonly origin: Origin
  /** The run path is judged by its text; what it leads to is known when all layers are merged. */
  readonly hardening: Hardening
  /** What musl's loader needs to know of it: read when first asked for, where the bytes can still be read then. */
  readonly object: () => LoaderObject
}

/** What only the surroundings of a file tell of it. */
export type ElfPlace = Pick<ElfFile, 'path' | 'layer' | 'sizeBytes' | 'mode' | 'hasCapabilities' | 'package' | 'sameAs'>

/**
 * Reads one ELF file and judges it; what cannot be read of it is a warning and an unknown verdict.
 * @param path named in warnings
 * @throws {ElfError} only if not even its header can be read
 */
export function readElfRecord(body: ByteSource, path: string, warn: Warn): ElfRecord {
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
    object: loaderObject(elf, body),
  }
  for (const warning of elf.warnings) warn({...warning, path, hides: true})
  return record
}

/** Neither function holds on to `elf`: its tables and windows, of thousands of files, are most of what a scan would keep. */
function loaderObject(elf: ElfFacts, body: ByteSource): () => LoaderObject {
  return body.lasting === true ? readLater(body, elf.where) : held(readObject(elf, body))
}

function held(object: LoaderObject): () => LoaderObject {
  return () => object
}

function readLater(body: ByteSource, where: string): () => LoaderObject {
  let object: LoaderObject | null = null
  return () => {
    object ??= readObject(readElf(body, where), body)
    return object
  }
}

/**
 * The file as rules and reports see it: the one place where such an object is made.
 * @param image what its run path leads to; null where nothing is known of what is around it
 * @param musl the loader's verdict; null where it was not asked
 */
export function elfFileOf(
  record: ElfRecord,
  place: ElfPlace,
  image: ImageView | null,
  musl: LoaderVerdict | null,
): ElfFile {
  const {header, type, origin, buildID, interpreter} = record
  const dynamic = known(record.dynamic, null)
  return {
    ...place,
    class: header.class,
    endian: header.endian,
    machine: header.machine,
    type,
    interpreter,
    soname: dynamic?.soname ?? null,
    needed: dynamic?.needed ?? [],
    rpath: dynamic?.rpath ?? [],
    runpath: dynamic?.runpath ?? [],
    libc: origin.libc,
    language: origin.language,
    compilers: origin.compilers,
    buildID,
    hardening: image === null ? record.hardening : {...record.hardening, runPath: checkRunPath(record, image)},
    musl,
  }
}

/** The value of a part, or `otherwise` where it could not be read; a warning has said so. */
function known<T>(part: Part<T>, otherwise: T): T {
  return isUnreadable(part) ? otherwise : part
}
