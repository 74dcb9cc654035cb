import fs, {closeSync, constants, fstatSync, openSync, statSync} from 'node:fs'
import {resolve, sep} from 'node:path'
import type {Watcher} from '../watched.js'
import {type Look, lookAt, type Note} from './look.js'
import {Notes} from './notes.js'
import {type Replace, spoilingProperty, watchWaysOut} from './ways-out.js'

/** Of reports and messages together. */
const mostTextBytes = 8 * 1024 * 1024

const writes =
  constants.O_WRONLY | constants.O_RDWR | constants.O_CREAT | constants.O_TRUNC | constants.O_APPEND | constants.O_EXCL

/** Watched function by function, and numbers that Node warns of when they are read. */
const elsewhere: ReadonlySet<string> = new Set(['promises', 'F_OK', 'R_OK', 'W_OK', 'X_OK'])

type Call = (...args: unknown[]) => unknown
type Handler = (call: Call, args: unknown[]) => unknown

/** A report that is being written beside where it will be. */
interface Made {
  readonly pieces: Buffer[]
}

/** What a run read, said and wrote. */
export interface Watched {
  readonly notes: readonly Note[]
  readonly said: readonly (readonly [fd: 1 | 2, text: string])[]
  readonly outputs: readonly (readonly [path: string, text: string])[]
}

/**
 * Watches a run: of every path that it reads, or fails to find, is noted what it said; whatever else it does, and is not
 * known to read only, ends the watch, and the run is none whose answer may be given again. A function of Node that is new,
 * or that nobody has thought of, ends it as well.
 */
export class Watch implements Watcher {
  readonly #cache: string
  readonly #notes: Notes
  readonly #said: [1 | 2, string][] = []
  readonly #files = new Map<number, 'read' | 'own' | Made>()
  readonly #outputs = new Map<string, string>()
  readonly #made = new Map<string, Made>()
  /** Where reports were begun, also those that have their name by now. */
  readonly #begun = new Set<string>()
  /** Without an original where the property was inherited. */
  readonly #replaced: [owner: object, name: string, original: PropertyDescriptor | null][] = []
  #textBytes = 0
  #isAllowed = false
  #isSpoilt = false
  #isApart = false
  /** In a function of Node that is watched, and may use others. */
  #isInside = false
  #sawModules: () => boolean = () => false

  /** @param cache piton's own folder, for what is done apart */
  constructor(cache: string) {
    this.#cache = resolve(cache)
    this.#notes = new Notes(this.#spoil)
  }

  start(): void {
    // Before the functions are replaced: what the streams take for themselves is not what the program does.
    this.#listen(process.stdout, 1)
    this.#listen(process.stderr, 2)
    process.on('warning', this.#spoil)
    const spoil = () => {
      if (!this.#isInside) this.#spoil()
    }
    this.#sawModules = watchWaysOut(this.#replace, spoil)
    const handlers = this.#handlers()
    for (const name of Object.getOwnPropertyNames(fs)) {
      if (elsewhere.has(name)) continue
      const handler = handlers.get(name)
      this.#replace(fs, name, original =>
        handler === undefined ? spoilingProperty(original, spoil) : this.#handled(original, handler),
      )
    }
  }

  allow(): void {
    this.#isAllowed = true
  }

  refuse(): void {
    this.#spoil()
  }

  apart<T>(work: () => T): T {
    const before = this.#isApart
    this.#isApart = true
    try {
      return work()
    } finally {
      this.#isApart = before
    }
  }

  /** Notes what the program did not read through what is watched, but depends on. */
  alsoOn(path: string): void {
    const result = statSync(path, {throwIfNoEntry: false})
    this.#notes.found('stat', path, {result, isHidden: () => false})
  }

  /** What was watched, where it is all and nothing of it has changed; null where the answer must not be given again. */
  end(): Watched | null {
    if (!this.#isAllowed || !this.#sawModules() || this.#made.size > 0) this.#spoil()
    const notes = this.#isSpoilt ? [] : this.#notes.all(this.#outputs.keys())
    this.#restore()
    if (this.#isSpoilt || !notes.every(([look, path, said]) => lookAt(look, path) === said)) return null
    return {notes, said: this.#said, outputs: [...this.#outputs]}
  }

  readonly #spoil = (): void => {
    if (this.#isSpoilt) return
    this.#isSpoilt = true
    this.#restore()
    this.#said.length = 0
    this.#files.clear()
    this.#outputs.clear()
  }

  readonly #replace: Replace = (owner, name, make) => {
    const own = Object.getOwnPropertyDescriptor(owner, name) ?? null
    const original = own ?? {value: Reflect.get(owner, name), writable: true, configurable: true, enumerable: false}
    const replaced = make(original)
    if (replaced === original) return
    if (original.configurable !== true) return void this.#spoil()
    Object.defineProperty(owner, name, replaced)
    this.#replaced.push([owner, name, own])
  }

  #restore(): void {
    process.off('warning', this.#spoil)
    for (const stream of [process.stdout, process.stderr]) stream.off('error', this.#spoil)
    for (const [owner, name, original] of this.#replaced.splice(0)) {
      if (original === null) Reflect.deleteProperty(owner, name)
      else Object.defineProperty(owner, name, original)
    }
  }

  #listen(stream: NodeJS.WriteStream, fd: 1 | 2): void {
    stream.on('error', this.#spoil)
    this.#replace(stream, 'end', original => spoilingProperty(original, this.#spoil))
    this.#replace(stream, 'write', original => ({
      ...original,
      value: (...args: unknown[]) => {
        this.#hear(fd, args)
        return (original.value as Call).apply(stream, args)
      },
    }))
  }

  #hear(fd: 1 | 2, [text, encoding]: readonly unknown[]): void {
    if (this.#isSpoilt) return
    // What is rewritten on a terminal is progress, and will be another next time.
    const isText = typeof text === 'string' && typeof encoding !== 'string' && !(fd === 2 && /[\r\u001b]/.test(text))
    if (!isText || !this.#hasRoomFor(text.length)) return void this.#spoil()
    this.#said.push([fd, text])
  }

  #hasRoomFor(bytes: number): boolean {
    this.#textBytes += bytes
    return this.#textBytes <= mostTextBytes
  }

  #handled(original: PropertyDescriptor, handler: Handler): PropertyDescriptor {
    const call = original.value as Call
    const watched =
      (own: Call): Call =>
      (...args) =>
        this.#isSpoilt || this.#isInside ? own(...args) : handler(own, args)
    const value = watched(call)
    const {native} = call as {native?: Call}
    if (native !== undefined) Object.assign(value, {native: watched(native)})
    return {...original, value}
  }

  /** Functions that read and no more, and those by which reports are written; how what they saw is noted. */
  #handlers(): ReadonlyMap<string, Handler> {
    const handlers: Record<string, Handler> = {
      statSync: this.#looking('stat'),
      lstatSync: this.#looking('lstat'),
      readlinkSync: this.#looking('lstat'),
      statfsSync: this.#looking('stat'),
      realpathSync: this.#looking('real'),
      existsSync: this.#looking('exists'),
      readdirSync: this.#looking('list'),
      openSync: (call, args) => this.#open(call, args),
      readFileSync: (call, args) => this.#readFile(call, args),
      closeSync: (call, args) => {
        const done = this.#withFile(call, args)
        this.#files.delete(args[0] as number)
        return done
      },
      fstatSync: (call, args) => this.#withFile(call, args),
      readSync: (call, args) => this.#withFile(call, args),
      writeSync: (call, args) => this.#write(call, args),
      renameSync: (call, args) => this.#rename(call, args),
      rmSync: (call, args) => this.#remove(call, args),
    }
    for (const name of ['mkdirSync', 'rmdirSync', 'writevSync', 'futimesSync']) {
      handlers[name] = (call, args) => {
        const isOwn = typeof args[0] === 'number' ? this.#files.get(args[0]) === 'own' : this.#isOwn(args[0])
        if (!isOwn) this.#spoil()
        return call(...args)
      }
    }
    return new Map(Object.entries(handlers))
  }

  #looking(look: Look): Handler {
    return (call, args) => {
      const [path, options] = args
      if (this.#isOwn(path)) return call(...args)
      if (typeof path !== 'string') this.#spoil()
      let result: unknown
      try {
        result = call(...args)
      } catch (error) {
        this.#notes.missing(look, path as string, error)
        throw error
      }
      const isHidden = (place: string) => this.#made.has(place)
      if (!this.#isSpoilt) this.#notes.found(look, path as string, {result, options, isHidden})
      return result
    }
  }

  #open(call: Call, args: unknown[]): unknown {
    const [path, flags, mode] = args
    const isOwn = this.#isOwn(path)
    if (!isOwn && typeof path === 'string' && isForReading(flags)) return this.#openToRead(call, args, path)
    // Reports are written to such a file, and it is renamed.
    const isReport = typeof path === 'string' && flags === 'wx' && mode === undefined
    if (!isOwn && !isReport) this.#spoil()
    const fd = call(...args) as number
    if (isOwn) this.#files.set(fd, 'own')
    else if (!this.#isSpoilt) this.#begin(resolve(path as string), fd)
    return fd
  }

  #begin(path: string, fd: number): void {
    const made = {pieces: []}
    this.#begun.add(path)
    this.#made.set(path, made)
    this.#files.set(fd, made)
  }

  /** What it is, is asked of what was opened: a path can lead elsewhere a moment later. */
  #openToRead(call: Call, args: unknown[], path: string): number {
    let fd: number
    try {
      fd = call(...args) as number
    } catch (error) {
      this.#notes.missing('file', path, error)
      throw error
    }
    this.#files.set(fd, 'read')
    this.#notes.stat('file', path, fstatSync(fd, {bigint: true}))
    return fd
  }

  #readFile(call: Call, args: unknown[]): unknown {
    const [path, ...options] = args
    if (typeof path === 'number') return this.#withFile(call, args)
    if (typeof path !== 'string' || (typeof options[0] === 'object' && options[0] !== null && 'flag' in options[0])) {
      this.#spoil()
      return call(...args)
    }
    const fd = this.#openToRead(openSync as Call, [path], path)
    try {
      return call(fd, ...options)
    } finally {
      this.#files.delete(fd)
      closeSync(fd)
    }
  }

  /** Of a descriptor that came from elsewhere nobody knows what it leads to. */
  #withFile(call: Call, args: unknown[]): unknown {
    if (!this.#files.has(args[0] as number)) this.#spoil()
    return call(...args)
  }

  #write(call: Call, args: unknown[]): unknown {
    const [fd, bytes, at = 0] = args
    const file = this.#files.get(fd as number)
    const written = call(...args) as number
    if (file === 'own') return written
    const isPiece = bytes instanceof Uint8Array && typeof at === 'number' && args.length <= 3
    if (file === undefined || file === 'read' || !isPiece || !this.#hasRoomFor(written)) this.#spoil()
    else file.pieces.push(Buffer.from(bytes.subarray(at, at + written)))
    return written
  }

  #rename(call: Call, args: unknown[]): unknown {
    const [from, to] = args
    const made = typeof from === 'string' ? this.#made.get(resolve(from)) : undefined
    const done = call(...args)
    if (this.#isOwn(from) && this.#isOwn(to)) return done
    const bytes = Buffer.concat(made?.pieces ?? [])
    const text = bytes.toString('utf8')
    if (made === undefined || typeof to !== 'string' || !Buffer.from(text).equals(bytes)) this.#spoil()
    else {
      this.#made.delete(resolve(from as string))
      this.#outputs.set(to, text)
    }
    return done
  }

  #remove(call: Call, args: unknown[]): unknown {
    const [path] = args
    const isReport = typeof path === 'string' && this.#begun.has(resolve(path))
    if (isReport) this.#made.delete(resolve(path))
    else if (!this.#isOwn(path)) this.#spoil()
    this.#isInside = true
    try {
      return call(...args)
    } finally {
      this.#isInside = false
    }
  }

  #isOwn(path: unknown): boolean {
    if (!this.#isApart || typeof path !== 'string') return false
    const full = resolve(path)
    return full === this.#cache || full.startsWith(`${this.#cache}${sep}`)
  }
}

function isForReading(flags: unknown): boolean {
  return flags === undefined || flags === 'r' || (typeof flags === 'number' && (flags & writes) === 0)
}
