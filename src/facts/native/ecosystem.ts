import type {ElfFile} from '../../model/facts.js'
import type {NativeFile, NativeModule} from '../../model/native.js'
import {compareText} from '../../model/text.js'
import type {Collector, RootView} from '../../rootfs/index.js'

/** How one ecosystem keeps machine code in its packages. */
export interface EcosystemReader {
  /** What it needs to have read while the layers go by. */
  readonly collectors: readonly Collector[]
  /**
   * The packages that bring machine code.
   * @param files programs and libraries that no other ecosystem has claimed
   */
  find(view: RootView, files: readonly ElfFile[]): NativeModule[]
}

/** Builds packages from files that come one by one. */
export class ModuleList {
  readonly #modules = new Map<string, {head: Omit<NativeModule, 'files'>; files: NativeFile[]}>()

  add(head: Omit<NativeModule, 'files' | 'layer'>, file: NativeFile): void {
    const key = `${head.path}\0${head.name}`
    const known = this.#modules.get(key)
    if (known) known.files.push(file)
    else this.#modules.set(key, {head: {...head, layer: file.layer}, files: [file]})
  }

  /** @param pair finds the builds for musl among the files of one package */
  toArray(pair: (files: readonly NativeFile[]) => readonly NativeFile[] = files => files): NativeModule[] {
    return [...this.#modules.values()].map(({head, files}) => ({
      ...head,
      files: pair(files.sort((a, b) => compareText(a.path, b.path))),
    }))
  }
}

/** The folder that holds a path; '' at the top. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')))
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

export function exists(view: RootView, path: string): boolean {
  return typeof view.resolve(path) !== 'string'
}

/** A JSON object of a stranger; null for anything else, also for JSON that is malformed. */
export function parseObject(bytes: Uint8Array): Readonly<Record<string, unknown>> | null {
  try {
    return asObject(JSON.parse(new TextDecoder().decode(bytes)))
  } catch {
    // Metadata that its own ecosystem could not read says nothing; the file's name and its ELF header still do.
    return null
  }
}

export function asObject(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null
}
