import {listZip, readZipEntry, type ZipEntry} from '../../archive/zip.js'
import {originOf} from '../../elf/origin.js'
import {readElf} from '../../elf/read.js'
import type {ByteSource} from '../../model/bytes.js'
import {isUnreadable} from '../../model/elf.js'
import {PitonError} from '../../model/errors.js'
import {limits} from '../../model/limits.js'
import type {FileBuild} from '../../model/native.js'
import type {Warn} from '../../model/warning.js'
import {buildOf, fromName, otherSystem} from './build.js'

/** A shared library in a Java archive. */
export interface JavaLibrary extends FileBuild {
  /** `linux/x64/libfoo.so`; in a nested archive `BOOT-INF/lib/foo.jar!/linux/x64/libfoo.so`. */
  readonly path: string
  readonly machine: string | null
}

const library = /\.so(?:\.\d+)*$/
const archive = /\.(?:jar|war)$/

/**
 * The Linux libraries that a Java archive carries, also in the archives inside of it, one level deep: a Spring Boot jar
 * or a WAR is made of those. Reads the directories, and of the rest only what is a library.
 * @throws {ArchiveError} for an archive whose directory cannot be read
 */
export function readJavaArchive(source: ByteSource, where: string, warn: Warn): JavaLibrary[] {
  return new JavaArchive(where, warn).read(source)
}

class JavaArchive {
  readonly #where: string
  readonly #warn: Warn
  #inflatedBytes = 0

  constructor(where: string, warn: Warn) {
    this.#where = where
    this.#warn = warn
  }

  read(source: ByteSource): JavaLibrary[] {
    return listZip(source, this.#where).flatMap(entry => {
      if (library.test(entry.name)) return this.#library(source, entry, '')
      return archive.test(entry.name) ? this.#nested(source, entry) : []
    })
  }

  #nested(source: ByteSource, entry: ZipEntry): JavaLibrary[] {
    const inner = this.#open(source, entry, '')
    if (inner === null) return []
    const prefix = `${entry.name}!/`
    const entries = this.#attempt(prefix, () => listZip(inner, `${this.#where}!/${entry.name}`)) ?? []
    return entries.flatMap(one => (library.test(one.name) ? this.#library(inner, one, prefix) : []))
  }

  #library(source: ByteSource, entry: ZipEntry, prefix: string): JavaLibrary[] {
    const path = `${prefix}${entry.name}`
    if (otherSystem.test(entry.name)) return []
    const body = this.#open(source, entry, prefix)
    const elf = body && this.#attempt(path, () => readElf(body, path))
    if (!elf) return []
    const {interpreter, dynamic} = elf
    const facts = {
      type: elf.type,
      libc: originOf(elf).libc,
      interpreter: isUnreadable(interpreter) ? null : interpreter,
      needed: isUnreadable(dynamic) ? [] : (dynamic?.needed ?? []),
    }
    return [{path, machine: elf.header.machine, ...buildOf(facts, fromName(entry.name))}]
  }

  /** The bytes of an entry; null, with a warning, where they cannot be read or would be too many. */
  #open(source: ByteSource, entry: ZipEntry, prefix: string): ByteSource | null {
    const left = limits.javaInflatedBytes - this.#inflatedBytes
    if (entry.method !== 0) this.#inflatedBytes += Math.min(entry.sizeBytes, left)
    const limit = entry.method === 0 ? Number.POSITIVE_INFINITY : Math.min(left, limits.javaEntryBytes)
    const path = `${prefix}${entry.name}`
    return this.#attempt(path, () => readZipEntry(source, entry, limit, `${this.#where}!/${path}`))
  }

  #attempt<T>(path: string, read: () => T): T | null {
    try {
      return read()
    } catch (error) {
      if (!(error instanceof PitonError)) throw error
      this.#warn({code: error.code, path: `${this.#where}!/${path}`, message: error.message, hides: true})
      return null
    }
  }
}
