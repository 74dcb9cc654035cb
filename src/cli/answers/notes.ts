import {type BigIntStats, type Dirent, lstatSync, readdirSync, type Stats, statfsSync, statSync} from 'node:fs'
import {resolve} from 'node:path'
import {isSettled} from '../../cache/identity.js'
import {codeOf, identity, type Look, lookAt, type Note, names} from './look.js'

/** Paths and names that are noted: every one is looked at again before the answer is given. */
const mostNotes = 2_000
const mostNames = 10_000
/**
 * File systems (`f_type` of statfs) that say when a file changed, at once and to everybody: ext2 to ext4, XFS, Btrfs, tmpfs,
 * overlayfs, ZFS, F2FS, squashfs, EROFS, bcachefs. Not those whose files another machine changes, nor those of the kernel.
 */
const honestFileSystems: ReadonlySet<number> = new Set([
  0xef53, 0x58465342, 0x9123683e, 0x01021994, 0x794c7630, 0x2fc12fc1, 0xf2f52010, 0x73717368, 0xe0f5e1e2, 0xca451a4e,
])

/** What a function of Node was asked, and returned. */
interface Found {
  readonly result: unknown
  readonly options?: unknown
  /** Is a path there in this run only? */
  readonly isHidden: (path: string) => boolean
}

/** What paths said to a run. What cannot be noted so that a change would show calls `spoil`. */
export class Notes {
  readonly #spoil: () => void
  readonly #all = new Map<string, Note>()
  readonly #honest = new Map<bigint, boolean>()
  #namesSeen = 0

  constructor(spoil: () => void) {
    this.#spoil = spoil
  }

  /** @param outputs whose place is taken by reports whatever file was there, so that what it was does not matter */
  all(outputs: Iterable<string>): readonly Note[] {
    const places = new Set([...outputs].map(path => resolve(path)))
    return [...this.#all.values()].map(note => {
      const [look, path] = note
      return look === 'stat' && places.has(resolve(path)) ? ['output', path, 'free'] : note
    })
  }

  /**
   * Notes what a path was found to be.
   * @param result what the function of Node returned
   */
  found(look: Look, path: string, {result, options, isHidden}: Found): void {
    if (look === 'exists') return void this.#note(look, path, String(result))
    if (look === 'list') return void this.#noteList(path, result as readonly (string | Dirent)[], {options, isHidden})
    if (look === 'real') return void this.#noteReal(path, result)
    const stat = statNow(look, path)
    if (stat === null ? result !== undefined : isStats(result) && !isSame(result, stat)) return void this.#spoil()
    if (stat !== null) return void this.stat(look, path, stat)
    const said = lookAt(look, path)
    if (isMissing(said)) this.#note(look, path, said)
    else this.#spoil()
  }

  #noteReal(path: string, result: unknown): void {
    const said = lookAt('real', path)
    if (said === result) this.#note('real', path, said)
    else this.#spoil()
  }

  #noteList(path: string, found: readonly (string | Dirent)[], {options, isHidden}: Omit<Found, 'result'>): void {
    this.#namesSeen += found.length
    if (this.#namesSeen > mostNames || !isPlainList(options)) return void this.#spoil()
    let entries: readonly Dirent[]
    try {
      entries = readdirSync(path, {withFileTypes: true})
    } catch {
      return void this.#spoil()
    }
    const seen = found.map(one => (typeof one === 'string' ? one : one.name))
    if (entries.length !== seen.length || entries.some(({name}, index) => name !== seen[index]))
      return void this.#spoil()
    // A report that is being written is there in this run only.
    const others = entries.filter(({name}) => !isHidden(resolve(path, name)))
    this.#note('list', path, names(others))
  }

  /** Notes that there was nothing; whatever else went wrong may go well the next time. */
  missing(look: Look, path: string, error: unknown): void {
    const code = codeOf(error)
    if (isMissing(code)) this.#note(look, path, code)
    else this.#spoil()
  }

  /** Notes what was told of a path, or of what was opened there. */
  stat(look: Look, path: string, stat: BigIntStats): void {
    const isPlain = stat.isFile() || stat.isDirectory() || (look === 'lstat' && stat.isSymbolicLink())
    const isTrusted = isPlain && isSettled(stat, Date.now()) && this.#isHonest(path, stat)
    this.#note(look, path, isTrusted ? identity(stat) : untrusted)
  }

  /** Asked once for each device. */
  #isHonest(path: string, {dev}: BigIntStats): boolean {
    let honest = this.#honest.get(dev)
    if (honest === undefined) {
      try {
        honest = honestFileSystems.has(statfsSync(path).type >>> 0)
      } catch {
        honest = false
      }
      this.#honest.set(dev, honest)
    }
    return honest
  }

  #note(look: Look, path: string, said: string): void {
    const name = `${look} ${path}`
    const before = this.#all.get(name)
    if (before === undefined) this.#all.set(name, [look, path, said])
    if ((before !== undefined && before[2] !== said) || this.#all.size > mostNotes) this.#spoil()
  }
}

/** No path ever says this, so that the answer is not kept. */
const untrusted = 'untrusted'

function isMissing(code: string): boolean {
  return code === 'ENOENT' || code === 'ENOTDIR'
}

function isPlainList(options: unknown): boolean {
  if (options === undefined) return true
  return typeof options === 'object' && options !== null && Object.keys(options).every(key => key === 'withFileTypes')
}

function isStats(result: unknown): result is Stats | BigIntStats {
  return typeof result === 'object' && result !== null && 'ctimeMs' in result
}

function isSame(one: Stats | BigIntStats, {dev, ino, size, ctimeMs}: BigIntStats): boolean {
  const same = Number(one.dev) === Number(dev) && Number(one.ino) === Number(ino) && Number(one.size) === Number(size)
  return same && Math.floor(Number(one.ctimeMs)) === Number(ctimeMs)
}

function statNow(look: Look, path: string): BigIntStats | null {
  try {
    return (look === 'lstat' ? lstatSync : statSync)(path, {bigint: true})
  } catch {
    return null
  }
}
