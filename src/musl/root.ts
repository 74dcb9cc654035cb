import type {LoaderObject} from './object.js'

/**
 * What opening a path comes to. `loop` and other errors of the system end a search where `missing` and `forbidden` go on
 * with the next folder.
 */
export type Opened = OpenedFile | {readonly kind: 'directory' | 'missing' | 'forbidden' | 'loop'}

export interface OpenedFile {
  readonly kind: 'file'
  /** Where it really is, without symbolic links. */
  readonly path: string
  /** Equal for two names of one file, as device and inode are. */
  readonly identity: unknown
  /** What the loader needs to know of it; null where it is no ELF file. */
  object(): LoaderObject | null
}

/** The files that a process would see: an image, a folder, or what a test makes up. */
export interface LoaderRoot {
  /** Opens an absolute path as a process would whose root this is: links are followed, and none leads out. */
  open(path: string): Opened
}

/** Answers that stand in front of a root: files that are not there, and files that are not to be seen. */
export function overlay(root: LoaderRoot, answers: ReadonlyMap<string, Opened>): LoaderRoot {
  return {open: path => answers.get(tidy(path)) ?? root.open(path)}
}

/** As {@link overlay}, but only where the root has nothing. */
export function underlay(root: LoaderRoot, answers: ReadonlyMap<string, Opened>): LoaderRoot {
  return {
    open(path) {
      const opened = root.open(path)
      return opened.kind === 'missing' ? (answers.get(tidy(path)) ?? opened) : opened
    },
  }
}

/** A file that only the model knows. */
export function modelFile(path: string, object: LoaderObject): OpenedFile {
  return {kind: 'file', path, identity: object, object: () => object}
}

/** Opens each path that leads to a file once, and reads each file once. */
export function cachedRoot(root: LoaderRoot): LoaderRoot {
  const files = new Map<string, OpenedFile>()
  const objects = new Map<unknown, LoaderObject | null>()
  const objectOf = (file: OpenedFile): LoaderObject | null => {
    const known = objects.get(file.identity)
    if (known !== undefined) return known
    const object = file.object()
    objects.set(file.identity, object)
    return object
  }
  return {
    open(path) {
      const known = files.get(path)
      if (known !== undefined) return known
      const opened = root.open(path)
      if (opened.kind !== 'file') return opened
      const file = {...opened, object: () => objectOf(opened)}
      files.set(path, file)
      return file
    },
  }
}

/** `/usr//lib/./x` as `/usr/lib/x`. `..` is left to whoever knows the links. */
function tidy(path: string): string {
  return path.replace(/\/(?:\.?\/)+/g, '/')
}
