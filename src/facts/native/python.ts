import {limits} from '../../model/limits.js'
import type {Build} from '../../model/native.js'
import {cleanPath} from '../../model/path.js'
import {plainCodec} from '../../model/stored.js'
import type {Collector, RootView} from '../../rootfs/index.js'
import {nativeFileOf} from './build.js'
import {baseName, type EcosystemReader, exists, folderOf, ModuleList} from './ecosystem.js'

/** Compatibility tags of an installed wheel. */
const wheelTags: Collector<readonly string[]> = {
  name: 'wheelTags',
  wants: ({path}) => path.endsWith('.dist-info/WHEEL'),
  limitBytes: limits.smallTextBytes,
  read: body =>
    [...textOf(body.read(0, limits.smallTextBytes)).matchAll(/^Tag:[ \t]*(\S+)/gm)].map(([, tag = '']) => tag),
  codec: plainCodec(),
}

/** Machine code, and commands, in the file list of an installed wheel. */
const wheelFiles: Collector<readonly string[]> = {
  name: 'wheelFiles',
  wants: ({path}) => path.endsWith('.dist-info/RECORD'),
  limitBytes: limits.manifestBytes,
  read(body) {
    const lines = textOf(body.read(0, limits.manifestBytes))
    const paths = lines.matchAll(/^"?([^",\n]+\.so(?:\.[\d.]+)?|(?:\.\.\/)+bin\/[^",\n]+)"?,/gm)
    const found = [...paths].map(([, path = '']) => path)
    return found.length > 0 ? found : undefined
  },
  codec: plainCodec(),
}

/** An installed distribution: `numpy-1.26.4.dist-info`. */
interface Dist {
  readonly name: string
  readonly version: string | null
  /** Its metadata folder, or its own folder where there is no metadata. */
  readonly path: string
  readonly declared: Build | null
}

const sitePackages = /^((?:.*\/)?(?:site|dist)-packages)\/([^/]+)/
/** PEP 3149, with the platform that CPython puts behind the ABI. */
const extensionSuffix = /\.cpython-\d+[a-z]*-[a-z0-9_]+-linux-(gnu|musl)[a-z]*\.so$/

/** Extension modules, the libraries that wheels carry along, and programs that come as wheels. */
export const python: EcosystemReader = {
  collectors: [wheelTags, wheelFiles],
  find(view, files) {
    const dists = readDists(view)
    const modules = new ModuleList()
    for (const file of files) {
      const suffix = extensionSuffix.exec(file.path)?.[1]
      const dist = dists.get(file.path) ?? withoutMetadata(file.path)
      if (dist === null) continue
      const evidence = `file name: ${baseName(file.path)}`
      const fromSuffix: Build | null =
        suffix === undefined ? null : {builtFor: suffix === 'musl' ? 'musl' : 'glibc', evidence}
      const {name, version, path, declared} = dist
      const native = nativeFileOf(file, declared ?? fromSuffix, suffix === 'gnu' ? muslTwin(view, file.path) : null)
      modules.add({ecosystem: 'python', name, version, path}, native)
    }
    return modules.toArray()
  },
}

/** The distribution of each native file that a RECORD lists. */
function readDists(view: RootView): ReadonlyMap<string, Dist> {
  const tags = new Map([...view.collected(wheelTags)].map(({path, value}) => [folderOf(path), value]))
  const dists = new Map<string, Dist>()
  for (const {path, value} of view.collected(wheelFiles)) {
    const folder = folderOf(path)
    const [, name = '', version = ''] = /^(.+)-([^-]+)\.dist-info$/.exec(baseName(folder)) ?? []
    if (name === '') continue
    const dist = {name, version, path: folder, declared: fromTags(tags.get(folder) ?? [])}
    for (const listed of value) dists.set(cleanPath(`${folderOf(folder)}/${listed}`).path, dist)
  }
  return dists
}

/** @see PEP 600 (manylinux), PEP 656 (musllinux); `linux_x86_64` was built where it is and says nothing */
function fromTags(tags: readonly string[]): Build | null {
  const glibc = tags.find(tag => tag.includes('manylinux'))
  const musl = tags.find(tag => tag.includes('musllinux'))
  const evidence = `WHEEL: Tag: ${glibc ?? musl ?? ''}`
  if (glibc !== undefined) return {builtFor: musl !== undefined ? 'any' : 'glibc', evidence}
  return musl === undefined ? null : {builtFor: 'musl', evidence}
}

/** What lies in site-packages without a RECORD goes by the name of its folder there. */
function withoutMetadata(path: string): Dist | null {
  const [, site, top = ''] = sitePackages.exec(path) ?? []
  if (site === undefined) return null
  const name = top.replace(/\.libs$/, '').replace(/\..*$/, '')
  return {name, version: null, path: `${site}/${top}`, declared: null}
}

function muslTwin(view: RootView, path: string): string | null {
  const twin = path.replace(/-linux-gnu([a-z]*\.so)$/, '-linux-musl$1')
  return exists(view, twin) ? twin : null
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes)
}
