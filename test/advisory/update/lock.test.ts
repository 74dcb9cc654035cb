import {spawnSync} from 'node:child_process'
import {existsSync, readdirSync, readFileSync, utimesSync, writeFileSync} from 'node:fs'
import {hostname} from 'node:os'
import {dirname, join} from 'node:path'
import {expect, test} from 'vitest'
import {lockTimes, withLock} from '../../../src/advisory/update/lock.js'
import {temporaryFolder} from '../feeds-folder.js'

const times = {...lockTimes, pollMs: 5, waitMs: 200}
const lockIn = (folder: string) => join(folder, 'a/lock')
const markOf = (pid: number, host = hostname()) => JSON.stringify({pid, host, id: 'x'})

function held(mark: string, ageSeconds = 0): string {
  const path = join(temporaryFolder(), 'lock')
  writeFileSync(path, mark)
  const time = Date.now() / 1000 - ageSeconds
  utimesSync(path, time, time)
  return path
}

/** A process that has ended, and whose number nobody else has got yet. */
const deadPid = () => spawnSync(process.execPath, ['-e', '0']).pid

test('one at a time, in whatever order; what is left is nothing', async () => {
  const path = lockIn(temporaryFolder())
  let inside = 0
  const most: number[] = []
  const results = await Promise.all(
    Array.from({length: 8}, (_, index) =>
      withLock(
        path,
        async () => {
          most.push(++inside)
          await new Promise(resolve => setTimeout(resolve, 3))
          inside--
          return index
        },
        () => {},
        {...times, waitMs: 20_000},
      ),
    ),
  )
  expect([results, Math.max(...most)]).toEqual([[0, 1, 2, 3, 4, 5, 6, 7], 1])
  expect(readdirSync(dirname(path))).toEqual([])
})

test('work that fails gives the lock back', async () => {
  const path = lockIn(temporaryFolder())
  await expect(withLock(path, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(existsSync(path)).toBe(false)
})

test('who waits too long says for whom', async () => {
  const path = held(markOf(process.pid))
  const told: string[] = []
  await expect(
    withLock(
      path,
      async () => {},
      holder => told.push(holder),
      times,
    ),
  ).rejects.toThrow(
    expect.objectContaining({code: 'DATABASE_LOCKED', message: expect.stringContaining(`process ${process.pid} on`)}),
  )
  expect(told).toEqual([`process ${process.pid} on ${hostname()}`])
  expect(readFileSync(path, 'utf8')).toBe(markOf(process.pid))
})

test.each<[what: string, path: () => string]>([
  ['of a process that is gone', () => held(markOf(deadPid()))],
  ['of another machine that renewed it long ago', () => held(markOf(1, 'elsewhere'), 1000)],
  ['of a process of that number that renewed it long ago', () => held(markOf(process.pid), 1000)],
  ['that says nothing, and is old', () => held('', 1000)],
  ['that was torn, and is old', () => held('{"pid":', 1000)],
])('a lock %s is taken', async (_what, path) => {
  const lock = path()
  expect(
    await withLock(
      lock,
      async () => 'done',
      () => {},
      times,
    ),
  ).toBe('done')
  expect(readdirSync(dirname(lock))).toEqual([])
})

test.each<[what: string, mark: string]>([
  ['of another machine', markOf(deadPid(), 'elsewhere')],
  ['that says nothing', ''],
])('a lock %s is waited for while it is young', async (_what, mark) => {
  await expect(
    withLock(
      held(mark),
      async () => {},
      () => {},
      times,
    ),
  ).rejects.toThrow('for too long')
})

test('many that find a dead one: one takes it, the others after it', async () => {
  const path = held(markOf(deadPid()))
  let inside = 0
  let most = 0
  const work = async () => {
    most = Math.max(most, ++inside)
    await new Promise(resolve => setTimeout(resolve, 2))
    inside--
  }
  await Promise.all(Array.from({length: 10}, () => withLock(path, work, () => {}, {...times, waitMs: 20_000})))
  expect(most).toBe(1)
})
