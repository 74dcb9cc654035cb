import {checkRunPath, type ImageView} from '../elf/checks/run-path.js'
import {hardening} from '../elf/hardening.js'
import {originOf} from '../elf/origin.js'
import {type ElfOutline, readElf, readOn} from '../elf/read.js'
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

/**
 * What an average record holds beside its tables: segments, verdicts with their evidence, how it was built, and what is
 * made of it: its place in the report, what the loader says, and a few findings.
 */
const plainBytes = 10 * 1024
/** One entry of a list or a map that an object of the loader is made of. */
const itemBytes = 64

/** About how many bytes of memory a record takes. */
export function weighElfRecord({object, dynamic}: ElfRecord): number {
  const values = known(dynamic, null)
  const listed = (values?.values.size ?? 0) + (values?.needed.length ?? 0)
  return plainBytes + listed * itemBytes + (objectBytes.get(object) ?? 0)
}

/** Of the objects that are held since their file will be gone. */
const objectBytes = new WeakMap<ElfRecord['object'], number>()

function weighObject({references, relocationTypes, tables}: LoaderObject): number {
  const bytes = [tables?.entries, tables?.strings, tables?.versym, tables?.hash?.bytes]
  const copied = bytes.reduce((sum, one) => sum + (one?.length ?? 0), 0)
  return copied + (references.length + relocationTypes.size) * itemBytes
}

/** Neither function holds on to `elf`: its tables and windows, of thousands of files, are most of what a scan would keep. */
function loaderObject(elf: ElfFacts, body: ByteSource): () => LoaderObject {
  if (body.lasting !== true) return held(readObject(elf, body))
  const {where, header, type, segments, interpreter, dynamic} = elf
  return readLater(body, {where, header, type, segments, interpreter, dynamic})
}

function held(object: LoaderObject): () => LoaderObject {
  const give = () => object
  objectBytes.set(give, weighObject(object))
  return give
}

/** @param outline what the record keeps in any case */
function readLater(body: ByteSource, outline: ElfOutline): () => LoaderObject {
  let object: LoaderObject | null = null
  return () => {
    object ??= readObject(readOn(body, outline), body)
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
  const {path, layer, sizeBytes, mode, hasCapabilities, sameAs} = place
  const dynamic = known(record.dynamic, null)
  // Written out: an image has thousands of these, and spreading an object takes ten times as long.
  return {
    path,
    layer,
    sizeBytes,
    mode,
    hasCapabilities,
    package: place.package,
    sameAs,
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
    hardening: image === null ? record.hardening : hardeningIn(image, record),
    musl,
  }
}

/** With what the run path leads to in the image; most files have none. */
function hardeningIn(image: ImageView, record: ElfRecord): Hardening {
  const dynamic = known(record.dynamic, null)
  if ((dynamic?.runpath ?? dynamic?.rpath ?? null) === null) return record.hardening
  return {...record.hardening, runPath: checkRunPath(record, image)}
}

/** The value of a part, or `otherwise` where it could not be read; a warning has said so. */
function known<T>(part: Part<T>, otherwise: T): T {
  return isUnreadable(part) ? otherwise : part
}
