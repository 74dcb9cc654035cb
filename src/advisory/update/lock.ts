import {randomUUID} from 'node:crypto'
import {
  closeSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import {hostname} from 'node:os'
import {dirname} from 'node:path'
import {setTimeout as pause} from 'node:timers/promises'
import {DatabaseError} from '../../model/errors.js'

/** How long one waits for another, and how one that died is told. */
export interface LockTimes {
  readonly pollMs: number
  readonly waitMs: number
  /** The holder renews its mark this often … */
  readonly beatMs: number
  /** … and one that has not for this long is dead, wherever it ran. */
  readonly deadMs: number
}

export const lockTimes: LockTimes = {pollMs: 100, waitMs: 600_000, beatMs: 5_000, deadMs: 120_000}

/**
 * Does `work` while no other process that asks for the same lock does. Who comes second waits.
 * @param onWait is told once, if it has to wait
 * @throws {DatabaseError} DATABASE_LOCKED if the other takes too long
 */
export async function withLock<T>(
  path: string,
  work: () => Promise<T>,
  onWait: (holder: string) => void = () => {},
  times: LockTimes = lockTimes,
): Promise<T> {
  const mark = JSON.stringify({pid: process.pid, host: hostname(), id: randomUUID()})
  mkdirSync(dirname(path), {recursive: true})
  await take(path, mark, onWait, times)
  const beat = setInterval(() => renew(path, mark), times.beatMs)
  beat.unref()
  try {
    return await work()
  } finally {
    clearInterval(beat)
    if (read(path) === mark) rmSync(path, {force: true})
  }
}

async function take(path: string, mark: string, onWait: (holder: string) => void, times: LockTimes): Promise<void> {
  const until = performance.now() + times.waitMs
  for (let waited = false; ; waited = true) {
    if (place(path, mark)) return
    const holder = read(path)
    if (holder === null) continue
    if (isDead(path, holder, times)) {
      removeDead(path, holder)
      continue
    }
    if (performance.now() > until) throw held(path, holder)
    if (!waited) onWait(nameOf(holder))
    await pause(times.pollMs)
  }
}

/** Puts the lock there with its content, which a plain write would not do in one step; false where there is one. */
function place(path: string, mark: string): boolean {
  const ready = `${path}.${randomUUID()}`
  try {
    writeFileSync(ready, mark, {flag: 'wx'})
    linkSync(ready, path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    rmSync(ready, {force: true})
  }
}

/**
 * Takes a dead one's lock away. Between the look and the deed somebody else may have done so and taken the lock: then
 * it was theirs that was moved, and it goes back.
 */
function removeDead(path: string, holder: string): void {
  const aside = `${path}.${randomUUID()}`
  try {
    renameSync(path, aside)
    if (read(aside) !== holder) linkSync(aside, path)
  } catch {
    // Somebody was faster.
  }
  rmSync(aside, {force: true})
}

/** On this machine a process that is gone; anywhere one that no longer renews its mark. */
function isDead(path: string, holder: string, {deadMs}: LockTimes): boolean {
  const {pid, host} = parse(holder)
  if (host === hostname() && pid !== null && !isRunning(pid)) return true
  const age = ageMs(path)
  return age !== null && age > deadMs
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Since its last beat, by the clock of the file system that it lies on: those of machines differ. */
function ageMs(path: string): number | null {
  const probe = `${path}.${randomUUID()}`
  try {
    writeFileSync(probe, '', {flag: 'wx'})
    return statSync(probe).mtimeMs - statSync(path).mtimeMs
  } catch {
    return null
  } finally {
    rmSync(probe, {force: true})
  }
}

/** Writes the same mark again: its time is then that of the file system. */
function renew(path: string, mark: string): void {
  if (read(path) !== mark) return
  try {
    const fd = openSync(path, 'r+')
    try {
      writeSync(fd, mark, 0)
    } finally {
      closeSync(fd)
    }
  } catch {
    // The next beat may do.
  }
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}

function parse(holder: string): {readonly pid: number | null; readonly host: string} {
  try {
    const {pid, host} = JSON.parse(holder) as {pid?: unknown; host?: unknown}
    return {pid: typeof pid === 'number' && pid > 0 ? pid : null, host: typeof host === 'string' ? host : ''}
  } catch {
    return {pid: null, host: ''}
  }
}

function nameOf(holder: string): string {
  const {pid, host} = parse(holder)
  return pid === null ? 'another process' : `process ${pid} on ${host}`
}

function held(path: string, holder: string): DatabaseError {
  return new DatabaseError('DATABASE_LOCKED', `${nameOf(holder)} has been changing the database for too long`, {
    hint: `If no piton is running, remove ${path}.`,
  })
}
