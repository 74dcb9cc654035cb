import {limits} from '../../model/limits.js'
import type {Build} from '../../model/native.js'
import {plainCodec} from '../../model/stored.js'
import type {Collector, RootView} from '../../rootfs/index.js'
import {fromName, nativeFileOf, otherSystem, pairTwins} from './build.js'
import {type EcosystemReader, exists, folderOf, ModuleList, parseObject} from './ecosystem.js'

/** What a package.json says that matters to native code. */
interface Manifest {
  readonly name: string
  readonly version: string | null
  /** The C libraries that npm installs it for; null where it says nothing. */
  readonly libc: readonly string[] | null
}

const modulesFolder = 'node_modules/'

const manifest: Collector<Manifest> = {
  name: 'nodeManifest',
  wants: ({path}) => path.endsWith('package.json') && isManifest(path),
  limitBytes: limits.manifestBytes,
  read(body) {
    const fields = parseObject(body.read(0, limits.manifestBytes))
    const name = fields?.['name']
    if (typeof name !== 'string' || name === '') return undefined
    const {version, libc} = fields as {version?: unknown; libc?: unknown}
    const listed = [libc].flat().filter(one => typeof one === 'string')
    return {name, version: typeof version === 'string' ? version : null, libc: listed.length > 0 ? listed : null}
  },
  codec: plainCodec(),
}

/** Add-ons (`*.node`) and whatever else in `node_modules` is machine code. */
export const node: EcosystemReader = {
  collectors: [manifest],
  find(view, files) {
    const manifests = new Map([...view.collected(manifest)].map(({path, value}) => [folderOf(path), value]))
    const names = new Map([...manifests].map(([folder, {name}]) => [name, folder]))
    const modules = new ModuleList()
    for (const file of files) {
      const folder = packageFolder(file.path, manifests)
      if (folder === null) continue
      const own = manifests.get(folder)
      const name = own?.name ?? folder.slice(folder.lastIndexOf(modulesFolder) + modulesFolder.length)
      const within = folder === '' ? file.path : file.path.slice(folder.length + 1)
      if (otherSystem.test(within)) continue
      const declared = fromName(within) ?? fromManifest(own) ?? fromName(name)
      const twin = declared?.builtFor === 'musl' ? null : twinPackage(view, folder, name, names)
      const head = {ecosystem: 'node', name, version: own?.version ?? null, path: folder} as const
      modules.add(head, nativeFileOf(file, declared, twin))
    }
    return modules.toArray(pairTwins)
  },
}

/** The manifest of a package itself: those deeper in it only switch module formats. */
function isManifest(path: string): boolean {
  const at = path.lastIndexOf(modulesFolder)
  if (at < 0) return /(?:^|\/)package\.json$/.test(path)
  return /^(?:@[^/]+\/)?[^/]+\/package\.json$/.test(path.slice(at + modulesFolder.length))
}

/** The package that a file belongs to; outside of `node_modules` only where the file is an add-on. */
function packageFolder(path: string, manifests: ReadonlyMap<string, Manifest>): string | null {
  const [installed] = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^./@][^/]*(?=\/)/.exec(path) ?? []
  if (installed !== undefined) return installed
  const isAddOn = path.endsWith('.node')
  for (let folder = folderOf(path); ; folder = folderOf(folder)) {
    const own = manifests.get(folder)
    if (own !== undefined) return isAddOn || own.libc !== null ? folder : null
    if (folder === '') return isAddOn ? folderOf(path) : null
  }
}

function fromManifest(own: Manifest | undefined): Build | null {
  const libc = own?.libc ?? null
  if (libc === null) return null
  const evidence = `package.json: libc ${libc.join(', ')}`
  if (libc.includes('musl')) return {builtFor: libc.includes('glibc') ? 'any' : 'musl', evidence}
  return libc.includes('glibc') ? {builtFor: 'glibc', evidence} : null
}

/** The package of the same thing for musl, under the names that packages use: beside it, or where pnpm put it. */
function twinPackage(view: RootView, folder: string, name: string, names: ReadonlyMap<string, string>): string | null {
  if (!name.includes('linux')) return null
  const parent = folder.endsWith(name) ? folder.slice(0, -name.length) : null
  const candidates = [
    name.replace(/-(?:gnu|glibc)(?=$|-)/, '-musl').replace('-gnueabi', '-musleabi'),
    name.replace(/linux(?!musl)/, 'linuxmusl'),
    `${name}-musl`,
  ]
  for (const candidate of candidates) {
    if (candidate === name) continue
    const known = names.get(candidate)
    if (known !== undefined) return known
    if (parent !== null && exists(view, `${parent}${candidate}`)) return `${parent}${candidate}`
  }
  return null
}
