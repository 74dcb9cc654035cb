import {installedVersions, parseInstalled} from '../apk/installed.js'
import {purlOf} from '../apk/purl.js'
import {parseRepositories, parseWorld} from '../apk/repositories.js'
import type {Release} from '../model/facts.js'
import {limits} from '../model/limits.js'
import type {ApkPackage, InstalledPackage, OwnedFile, Repository} from '../model/package.js'
import type {Warning} from '../model/warning.js'
import type {RootView} from '../rootfs/index.js'
import {walkNodes} from '../rootfs/merge.js'
import {installedDatabase} from './collectors.js'
import type {FactReader, FoundText} from './reader.js'

/** What apk's own files say. */
export interface ApkFacts {
  /** Where the installed database really is; null where there is none. */
  readonly databasePath: string | null
  readonly packages: readonly InstalledPackage[]
  readonly repositories: readonly Repository[]
  readonly world: readonly string[]
  readonly keys: readonly string[]
}

/** Alpine's place, then Wolfi's; apk-tools 3 knows both. */
const databasePaths = ['lib/apk/db/installed', 'usr/lib/apk/db/installed']

/** @param branch of Alpine, as the target or the person says */
export async function readApk(
  view: RootView,
  reader: FactReader,
  release: Release | null,
  branch: string | null,
  warn: (warning: Warning) => void,
): Promise<ApkFacts> {
  if (view.package !== null) return factsOfPackage(view.package, view, branch)
  const found = await firstDatabase(reader, warn)
  return {
    databasePath: found?.path ?? null,
    packages: found === null ? [] : readPackages(view, found, release, warn),
    repositories: await readRepositories(reader, warn),
    world: parseWorld((await reader.small('etc/apk/world'))?.text() ?? ''),
    keys: few(reader.names('etc/apk/keys'), 'etc/apk/keys', warn),
  }
}

/** An `.apk` file, as if it were installed: it owns all that is in it. */
function factsOfPackage(found: ApkPackage, view: RootView, branch: string | null): ApkFacts {
  const files: OwnedFile[] = []
  for (const {path, node} of walkNodes(view.root)) {
    if (node.type !== 'directory') files.push({path, checksum: null, owner: null})
  }
  const distribution =
    branch === null ? {distro: '', version: ''} : {distro: 'alpine', version: branch.replace(/^v/, '')}
  const packages = [{...found, files, layer: 0, purl: purlOf(found, distribution)}]
  return {databasePath: null, packages, repositories: [], world: [], keys: []}
}

async function firstDatabase(reader: FactReader, warn: (warning: Warning) => void): Promise<FoundText | null> {
  const found = (await Promise.all(databasePaths.map(path => reader.database(path)))).filter(one => one !== null)
  const [first, second] = found
  if (first !== undefined && second !== undefined && first.path !== second.path) {
    const message = `there are two package databases: ${first.path} is read, ${second.path} is not`
    warn({code: 'APK_TWO_DATABASES', path: second.path, message, hides: true})
  }
  return first ?? null
}

function readPackages(
  view: RootView,
  found: FoundText,
  release: Release | null,
  warn: (warning: Warning) => void,
): InstalledPackage[] {
  const layers = firstLayers(view, found)
  // Nobody reads them again, and beside what this one is parsed to they would be most of what a scan holds.
  view.forget(installedDatabase)
  const {packages, warnings} = parseInstalled(found.bytes, found.path)
  for (const warning of warnings) warn(warning)
  return located(found, packages, layers, release)
}

/** For each package of the database, by its identity, the first layer whose database holds it at this version. */
function firstLayers(view: RootView, found: FoundText): ReadonlyMap<string, number> {
  // Only of what is there at the end: layers may bring and take away millions of others.
  const layers = new Map<string, number | null>()
  for (const pkg of installedVersions(found.bytes)) layers.set(identity(pkg), null)
  let unplaced = layers.size
  for (const {layer, path, value} of view.history(installedDatabase)) {
    if (path !== found.path && !databasePaths.includes(path)) continue
    if (unplaced === 0) break
    for (const pkg of installedVersions(value.bytes)) {
      const key = identity(pkg)
      if (layers.get(key) !== null) continue
      layers.set(key, layer)
      unplaced--
    }
  }
  for (const [key, layer] of layers) if (layer === null) layers.set(key, found.layer)
  return layers as ReadonlyMap<string, number>
}

/** Packages with the layer that brought them. */
function located(
  found: FoundText,
  packages: readonly ApkPackage[],
  layers: ReadonlyMap<string, number>,
  release: Release | null,
): InstalledPackage[] {
  const distribution = {distro: release?.id ?? '', version: release?.version ?? ''}
  // Added to the objects, which are this scan's own: as copies 200,000 of them would each get a shape of its own.
  return packages.map(pkg =>
    Object.assign(pkg, {layer: layers.get(identity(pkg)) ?? found.layer, purl: purlOf(pkg, distribution)}),
  )
}

function identity({name, version}: Pick<ApkPackage, 'name' | 'version'>): string {
  return `${name}\0${version}`
}

/** The first of more files than any system has. */
function few(names: readonly string[], folder: string, warn: (warning: Warning) => void): readonly string[] {
  if (names.length <= limits.apkConfigFiles) return names
  const message = `${folder} has ${names.length} files; only the first ${limits.apkConfigFiles} are read`
  warn({code: 'APK_LIMIT', path: folder, message, hides: true})
  return names.slice(0, limits.apkConfigFiles)
}

async function readRepositories(reader: FactReader, warn: (warning: Warning) => void): Promise<Repository[]> {
  const folder = 'etc/apk/repositories.d'
  const paths = [
    'etc/apk/repositories',
    ...few(
      reader.names(folder).filter(name => name.endsWith('.list')),
      folder,
      warn,
    ).map(name => `${folder}/${name}`),
  ]
  const files = await Promise.all(paths.map(path => reader.small(path)))
  const found: Repository[] = []
  for (const [index, file] of files.entries()) {
    if (found.length >= limits.apkRepositories) break
    for (const one of file === null ? [] : parseRepositories(file.text(), paths[index] as string)) found.push(one)
  }
  if (found.length <= limits.apkRepositories) return found
  const message = `only the first ${limits.apkRepositories} repositories are read`
  warn({code: 'APK_LIMIT', path: folder, message, hides: true})
  return found.slice(0, limits.apkRepositories)
}
