import type {MuslVerdict} from '../model/musl.js'
import {isLibc} from './closure.js'
import type {LoaderRoot} from './root.js'

export type Interpreter = NonNullable<MuslVerdict['interpreter']>

/** What gcompat's interpreter has musl preload. */
export const gcompatLibrary = '/lib/libgcompat.so.0'

/**
 * What the kernel would start for a program: PT_INTERP may lead to musl by any name (libc6-compat is such a link), to
 * gcompat's own small program, or to a C library that musl has nothing to do with.
 */
export function findInterpreter(path: string, root: LoaderRoot): Interpreter {
  const opened = root.open(path.startsWith('/') ? path : `/${path}`)
  if (opened.kind !== 'file') return {path, is: 'missing'}
  const object = opened.object()
  if (object !== null && isLibc(object)) return {path, is: 'musl'}
  const needsNothing = object?.type === 'static-pie' || object?.type === 'static'
  const isGcompat = needsNothing && root.open(gcompatLibrary).kind === 'file'
  return {path, is: isGcompat ? 'gcompat' : 'other'}
}
