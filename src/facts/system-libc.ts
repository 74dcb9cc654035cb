import type {Libc} from '../model/elf.js'
import type {ElfFile, SystemLibc} from '../model/facts.js'
import type {RootView} from '../rootfs/index.js'

/** Names under which a dynamic loader is installed. */
const loaderName = /^ld(?:-musl-[^/]+|-linux[^/]*|64)\.so\.[1-3]$/

/**
 * Which C library the system of the target is made of: that of its shell, since an image may carry a second one for some
 * programs; without a shell that of its loader, where there is only one kind.
 */
export function systemLibcOf(view: RootView, elfFiles: readonly ElfFile[]): SystemLibc {
  const shell = view.resolve('bin/sh')
  const shellFile = typeof shell === 'string' ? undefined : elfFiles.find(({path}) => path === shell.path)
  const fromShell = shellFile === undefined ? null : asSystem(shellFile.libc)
  if (shellFile !== undefined && fromShell !== null) return {libc: fromShell, machine: shellFile.machine}
  const loaders = elfFiles.filter(({path}) => /^(?:usr\/)?lib/.test(path) && loaderName.test(baseName(path)))
  const kinds = new Set(loaders.map(({libc}) => asSystem(libc)).filter(libc => libc !== null))
  const [only] = kinds
  if (only === undefined || kinds.size > 1) return {libc: 'unknown', machine: null}
  return {libc: only, machine: loaders.find(({libc}) => libc === only)?.machine ?? null}
}

function asSystem(libc: Libc): 'musl' | 'glibc' | null {
  return libc === 'musl' || libc === 'glibc' ? libc : null
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
