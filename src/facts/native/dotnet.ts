import {limits} from '../../model/limits.js'
import type {Build} from '../../model/native.js'
import type {Collector, RootView} from '../../rootfs/index.js'
import {nativeFileOf} from './build.js'
import {asObject, baseName, type EcosystemReader, exists, folderOf, ModuleList, parseObject} from './ecosystem.js'

/** What `App.deps.json` says of native files. */
interface Dependencies {
  /** Runtime that the application was published for; null where it takes the one that is installed. */
  readonly rid: string | null
  /** Package of each native file, by its path from the application's folder. */
  readonly packages: ReadonlyMap<string, NugetPackage>
}

interface NugetPackage {
  readonly name: string
  readonly version: string | null
}

const dependencies: Collector<Dependencies> = {
  name: 'dotnetDependencies',
  wants: ({path}) => path.endsWith('.deps.json'),
  limitBytes: limits.manifestBytes,
  read(body) {
    const document = parseObject(body.read(0, limits.manifestBytes))
    return document === null ? undefined : parseDependencies(document)
  },
  codec: {
    pack: ({rid, packages}) => ({rid, packages: [...packages]}),
    unpack(packed) {
      const {rid, packages} = packed as {rid: string | null; packages: [path: string, of: NugetPackage][]}
      return {rid, packages: new Map(packages)}
    },
  },
}

const runtimesFolder = /^((?:.*\/)?)runtimes\/([^/]+)\/(?:native|lib\/[^/]+)\/(.+)$/

/** Native files under `runtimes/RID`, and those of an application that was published for one runtime. */
export const dotnet: EcosystemReader = {
  collectors: [dependencies],
  find(view, files) {
    const applications = new Map([...view.collected(dependencies)].map(({path, value}) => [folderOf(path), value]))
    const modules = new ModuleList()
    for (const file of files) {
      const [, prefix, rid = '', name = ''] = runtimesFolder.exec(file.path) ?? []
      const folder = prefix === undefined ? folderOf(file.path) : prefix.replace(/\/$/, '')
      const application = applications.get(folder)
      const wanted = prefix === undefined ? (application?.rid ?? null) : rid
      if (wanted === null) continue
      const within = folder === '' ? file.path : file.path.slice(folder.length + 1)
      const pkg = application?.packages.get(within) ??
        cachedPackage(folder) ?? {name: baseName(file.path), version: null}
      const twin = prefix === undefined ? null : twinOf(view, prefix, rid, name)
      modules.add({ecosystem: 'dotnet', ...pkg, path: folder}, nativeFileOf(file, fromRid(wanted), twin))
    }
    return modules.toArray()
  },
}

/**
 * What a runtime identifier says. `linux-x64` is glibc, and what .NET falls back to on Alpine where a package has nothing
 * for `linux-musl-x64`.
 */
function fromRid(rid: string): Build | null {
  const evidence = `runtime identifier ${rid}`
  if (/^(?:linux-musl|alpine)(?:[.-]|$)/.test(rid)) return {builtFor: 'musl', evidence}
  if (/^(?:linux-(?!musl|bionic)|(?:debian|ubuntu|rhel|centos|fedora|ol|opensuse|sles)[.\d]*-)/.test(rid))
    return {builtFor: 'glibc', evidence}
  return null
}

function twinOf(view: RootView, prefix: string, rid: string, name: string): string | null {
  const [, architecture] = /-([a-z0-9]+)$/.exec(rid) ?? []
  const twin = `${prefix}runtimes/linux-musl-${architecture}/native/${name}`
  return architecture !== undefined && !rid.includes('musl') && exists(view, twin) ? twin : null
}

/** NuGet's cache keeps packages under `name/version`. */
function cachedPackage(folder: string): NugetPackage | null {
  const [, name, version] = /(?:^|\/)packages\/([^/]+)\/(\d[^/]*)$/.exec(folder) ?? []
  return name === undefined || version === undefined ? null : {name, version}
}

/** `runtimeTarget.name` is `.NETCoreApp,Version=v8.0/linux-x64`; native files stand in each package of each target. */
function parseDependencies(document: Readonly<Record<string, unknown>>): Dependencies {
  const target = asObject(document['runtimeTarget'])?.['name']
  const [, rid = null] = typeof target === 'string' ? (/\/([a-z0-9.-]+)$/.exec(target) ?? []) : []
  const packages = new Map<string, NugetPackage>()
  for (const libraries of Object.values(asObject(document['targets']) ?? {})) {
    for (const [library, parts] of Object.entries(asObject(libraries) ?? {})) {
      const [name = '', version = null] = library.split('/')
      const {native, runtimeTargets} = asObject(parts) ?? {}
      for (const path of [native, runtimeTargets].flatMap(files => Object.keys(asObject(files) ?? {})))
        packages.set(path, {name, version})
    }
  }
  return {rid, packages}
}
