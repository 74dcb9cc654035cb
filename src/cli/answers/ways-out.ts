import {promises} from 'node:fs'
import module from 'node:module'
import os from 'node:os'
import {fileURLToPath} from 'node:url'

/** The thread that inflates (`archive/thread/`): it reads what was opened here. Any other could read anything. */
const ownThread = fileURLToPath(new URL('./unpack.cjs', import.meta.url))

/**
 * Modules of Node that know nothing but what they are told. `fs` and `os` are watched function by function, and which
 * threads are started.
 */
const pureModules: ReadonlySet<string> = new Set([
  'assert',
  'buffer',
  'constants',
  'crypto',
  'events',
  'fs',
  'fs/promises',
  'module',
  'os',
  'path',
  'process',
  'stream',
  'string_decoder',
  'timers',
  'timers/promises',
  'tty',
  'url',
  'util',
  'worker_threads',
  'zlib',
])

/** What is the same in every run with the same environment. */
const pureOfSystem: ReadonlySet<string> = new Set(['arch', 'availableParallelism', 'endianness', 'homedir', 'tmpdir'])

/** Ways to the network, and to modules that nobody would see. */
const inProcess = ['binding', 'dlopen', 'getBuiltinModule'] as const
const inGlobal = ['fetch', 'WebSocket', 'EventSource'] as const

type Call = (this: unknown, ...args: unknown[]) => unknown

/** Puts another property in the place of one. */
export type Replace = (owner: object, name: string, make: (original: PropertyDescriptor) => PropertyDescriptor) => void

/**
 * Watches the ways by which something other than files could come into an answer: modules of Node, the system, standard
 * input. What is not known to be pure calls `spoil`.
 * @returns tells whether modules were seen at all, so that it is known that somebody watches
 */
export function watchWaysOut(replace: Replace, spoil: () => void): () => boolean {
  let sawAny = false
  let seesThreads = false
  const spoiling = (original: PropertyDescriptor): PropertyDescriptor => spoilingProperty(original, spoil)
  replace(module, '_load', original => ({
    ...original,
    value(this: unknown, request: unknown, ...rest: unknown[]) {
      const name = String(request).replace(/^node:/, '')
      sawAny = true
      if (module.isBuiltin(String(request)) && !pureModules.has(name)) spoil()
      const loaded = (original.value as Call).call(this, request, ...rest)
      if (name === 'worker_threads' && !seesThreads) {
        seesThreads = true
        replace(loaded as object, 'Worker', worker => {
          return {...worker, value: spoilingCall(worker.value, spoil, ([file]) => file === ownThread)}
        })
      }
      return loaded
    },
  }))
  for (const name of Object.getOwnPropertyNames(promises)) replace(promises, name, spoiling)
  for (const [name, value] of Object.entries(os)) {
    if (typeof value === 'function' && !pureOfSystem.has(name)) replace(os, name, spoiling)
  }
  for (const name of inProcess) if (name in process) replace(process, name, spoiling)
  for (const name of inGlobal) if (name in globalThis) replace(globalThis, name, spoiling)
  replace(process, 'stdin', spoiling)
  return () => sawAny
}

/** The same property, but who calls it is heard of; or reads it, where it is no function. */
export function spoilingProperty(original: PropertyDescriptor, spoil: () => void): PropertyDescriptor {
  const {get, value} = original
  if (get === undefined)
    return typeof value === 'function' ? {...original, value: spoilingCall(value, spoil)} : original
  return {
    ...original,
    get() {
      const found: unknown = get.call(this)
      // Packages that improve on `fs` look at all of it, and call nothing.
      if (typeof found === 'function') return spoilingCall(found as Call, spoil)
      spoil()
      return found
    },
  }
}

function spoilingCall(
  original: Call,
  spoil: () => void,
  isPure: (args: readonly unknown[]) => boolean = () => false,
): Call {
  return new Proxy(original, {
    apply(target, self, args) {
      if (!isPure(args)) spoil()
      return Reflect.apply(target, self, args)
    },
    construct(target, args, made) {
      if (!isPure(args)) spoil()
      return Reflect.construct(target, args, made)
    },
  })
}
