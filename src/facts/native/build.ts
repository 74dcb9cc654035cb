import type {ElfFile} from '../../model/facts.js'
import type {Build, FileBuild, NativeFile} from '../../model/native.js'

/** What is needed of an ELF file to tell what it was built for. */
export type ElfBuild = Pick<ElfFile, 'type' | 'libc' | 'interpreter' | 'needed'>

/** Systems that use ELF files as well, and are none of ours: packages carry builds for them, too. */
export const otherSystem = /android|freebsd|openbsd|netbsd|dragonfly|sunos|solaris/i

const libcName = /^(?:libc\.so\b|libc\.musl-|ld-linux|ld-musl-|ld64\.so)/
const glibcLoader = /^(?:.*\/)?(?:ld-linux[^/]*|ld64)\.so\.\d$/

/**
 * Which C library a file was built for. What the file itself shows goes before what names and metadata declare: Python
 * on Alpine called its modules `…-linux-gnu.so` for years.
 */
export function buildOf(file: ElfBuild, declared: Build | null): FileBuild {
  const build = fromElf(file) ?? declared ?? {builtFor: 'unknown', evidence: 'nothing tells which C library it is for'}
  return {...build, needsGlibcLoader: [file.interpreter ?? '', ...file.needed].some(name => glibcLoader.test(name))}
}

/** A native file of the view; its twin is found later. */
export function nativeFileOf(file: ElfFile, declared: Build | null, twin: string | null = null): NativeFile {
  const {path, layer, machine} = file
  return {path, layer, machine, ...buildOf(file, declared), twin}
}

/** Gives what may be for glibc the first build for musl and the same machine among `files` as its twin. */
export function pairTwins(files: readonly NativeFile[]): readonly NativeFile[] {
  const builds = files.filter(({builtFor}) => builtFor === 'musl')
  return files.map(file => {
    if (file.builtFor === 'musl' || file.builtFor === 'any' || file.twin !== null) return file
    const twin = builds.find(({machine}) => machine === file.machine)
    return twin === undefined ? file : {...file, twin: twin.path}
  })
}

/** What a name says: `linux-x64-gnu`, `linuxmusl-arm64`, `node.napi.glibc.node`; null where it says nothing. */
export function fromName(name: string): Build | null {
  if (/(?:^|[^a-z]|linux)musl(?:eabihf|eabi)?(?![a-z])/i.test(name)) return {builtFor: 'musl', evidence: name}
  if (/linux[-_.a-z0-9]*[-_.]gnu(?:eabihf|eabi)?(?![a-z])|(?:^|[^a-z])glibc(?![a-z])/i.test(name))
    return {builtFor: 'glibc', evidence: name}
  return null
}

function fromElf({type, libc, interpreter, needed}: ElfBuild): Build | null {
  if (type === 'static' || type === 'static-pie') return {builtFor: 'any', evidence: 'statically linked'}
  if (libc === 'none') return {builtFor: 'any', evidence: 'needs no C library'}
  if (libc !== 'musl' && libc !== 'glibc') return null
  const name = needed.find(name => glibcLoader.test(name)) ?? needed.find(name => libcName.test(name))
  const evidence = interpreter === null ? `needs ${name ?? libc}` : `its interpreter is ${interpreter}`
  return {builtFor: libc, evidence}
}
