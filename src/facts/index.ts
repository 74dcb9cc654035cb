import type {AdvisoryDatabase} from '../advisory/database.js'
import {openSoProviders} from '../advisory/so-providers.js'
import {once} from '../elf/reader.js'
import type {AlpineRelease} from '../model/advisory.js'
import type {Audit} from '../model/audit.js'
import type {ElfFile, Facts, Release} from '../model/facts.js'
import type {ImageConfig} from '../model/image.js'
import type {NativeModule} from '../model/native.js'
import type {Warning} from '../model/warning.js'
import {type LibcTables, parseMuslVersion} from '../musl/index.js'
import type {Collector, RootView} from '../rootfs/index.js'
import {readApk} from './apk.js'
import {auditMove} from './audit.js'
import {listBehaviours} from './behaviours.js'
import {installedDatabase, smallText} from './collectors.js'
import {readDistribution} from './distribution.js'
import {dpkgDatabase} from './dpkg.js'
import {elfFile} from './elf-collector.js'
import {listElfFiles, subjectsOf} from './elf-files.js'
import {fileDigests, modifiedFiles} from './integrity.js'
import {alpineLoader, type Move, newestMusl, ownLoader, readPathFiles} from './loader-system.js'
import {matchWith} from './matching.js'
import {listNativeModules, nativeCollectors} from './native/index.js'
import {ownersOf} from './owners.js'
import {coverageOf} from './package-coverage.js'
import {FactReader} from './reader.js'
import {readRelease} from './release.js'
import {listScripts, script} from './scripts.js'
import {listLoaded, scriptCollectors} from './start/index.js'
import {systemLibcOf} from './system-libc.js'

/** What tells the release and its packages. */
export const packageCollectors: readonly Collector[] = [smallText, installedDatabase, dpkgDatabase]

/** What is read while the layers go by. */
const collectors: readonly Collector[] = [...packageCollectors, elfFile, script, ...nativeCollectors]

/**
 * @param integrity compare the content of files too, which reads all of them
 * @param starts does the target say what it starts? Then that is followed
 */
export function collectorsFor(integrity: boolean, starts = false): readonly Collector[] {
  const started = starts ? scriptCollectors() : []
  return [...collectors, ...started, ...(integrity ? [fileDigests] : [])]
}

export interface GatheredFacts {
  readonly facts: Facts
  readonly warnings: readonly Warning[]
}

/** Facts about files of whose system nothing is known. */
export function factsOfFiles(elfFiles: readonly ElfFile[], today: string): Facts {
  return {
    release: null,
    packages: [],
    databasePath: null,
    repositories: [],
    world: [],
    keys: [],
    elfFiles,
    modifiedFiles: [],
    system: {libc: 'unknown', machine: null},
    scripts: [],
    nativeModules: [],
    loaded: null,
    behaviours: [],
    distribution: null,
    matches: [],
    rejected: [],
    database: null,
    coverage: null,
    alpine: null,
    releases: [],
    musl: null,
    today,
    maxDatabaseAge: null,
    audit: null,
  }
}

/** What facts are gathered with. */
export interface GatherOptions {
  /** Advisories to match with; null matches nothing. */
  readonly database: AdvisoryDatabase | null
  /** The day that ages are measured against, YYYY-MM-DD. */
  readonly today: string
  /** Days that the advisories may be old; left out: nobody said. */
  readonly maxDatabaseAge?: number | null
  /** What is known of C libraries; null asks musl's loader nothing. */
  readonly libc: LibcTables | null
  /** The Alpine system to move to; null for the target as it stands. */
  readonly move: {readonly alpine: AlpineRelease; readonly gcompat: boolean} | null
  /** As for {@link collectorsFor}. */
  readonly integrity: boolean
  /** The branch of Alpine whose advisories count where the target does not say its own. */
  readonly assumedBranch?: string | null
  /** The command that made each layer; null where the image does not say. Left out: nothing is known of them. */
  readonly commands?: readonly (string | null)[]
  readonly config?: ImageConfig | null
}

/** Turns the view into what rules may know, and matches the packages with the advisories of the image's branch. */
export async function gatherFacts(
  view: RootView,
  {database, today, libc, move, integrity, ...more}: GatherOptions,
): Promise<GatheredFacts> {
  const {assumedBranch = null, commands = [], config = null, maxDatabaseAge = null} = more
  const warnings: Warning[] = []
  const warn = (warning: Warning) => warnings.push(warning)
  const reader = new FactReader(view, warn)
  const [osRelease, alpineRelease, debianVersion] = await Promise.all([
    reader.small('etc/os-release').then(found => found ?? reader.small('usr/lib/os-release')),
    reader.small('etc/alpine-release'),
    reader.small('etc/debian_version'),
  ])
  const read = readRelease({
    osRelease: osRelease && {path: osRelease.path, text: osRelease.text()},
    alpineRelease: alpineRelease && {path: alpineRelease.path, text: alpineRelease.text()},
    debianVersion: debianVersion && {path: debianVersion.path, text: debianVersion.text()},
  })
  const release = read && {...read, layer: firstReleaseLayer(view)}
  const branch = release === null ? assumedBranch : release.branch
  if (release !== null && assumedBranch !== null) warn(releaseIsKnown(release, assumedBranch))
  const apk = await readApk(view, reader, release, branch, warn)
  const distribution = readDistribution(view, warn)
  const owners = ownersOf(apk.packages, distribution, view)
  const matched = database && matchWith(database, {release, assumedBranch}, {apk, commands})
  warnings.push(...(matched?.warnings ?? []))
  const releases = database?.releases ?? []
  const musl = apk.packages.find(({name}) => name === 'musl')?.version ?? null
  // Read when a library is missing: most targets lack none.
  const packageList = once(() => database && openSoProviders(database.location))
  const providers = (soname: string) =>
    packageList()
      ?.find(soname)
      .map(provider => provider.package) ?? []
  const judge =
    libc &&
    (move === null
      ? await ownLoader(view, reader, libc, release, musl, providers, warn)
      : alpineLoader(view, libc, loaderMove(move), providers, warn))
  const elfFiles = listElfFiles(view, owners, judge, warn)
  const nativeModules = listNativeModules(view, elfFiles)
  const facts: Facts = {
    release,
    ...apk,
    elfFiles,
    modifiedFiles: integrity ? modifiedFiles(apk.packages, view) : [],
    system: systemLibcOf(view, elfFiles),
    scripts: listScripts(view, owners),
    nativeModules,
    loaded:
      config &&
      (await listLoaded({
        view,
        config,
        elfFiles,
        owners,
        packages: apk.packages,
        version: parseMuslVersion(musl ?? '') ?? newestMusl,
        pathFiles: await readPathFiles(view, reader),
      })),
    behaviours: move === null ? [] : listBehaviours(view, owners),
    distribution,
    matches: matched?.matches ?? [],
    rejected: matched?.rejected ?? [],
    database: matched?.info ?? null,
    coverage: matched && coverageOf(matched.coverage, elfFiles),
    alpine: releases.find(({branch}) => branch === release?.branch) ?? null,
    releases,
    musl,
    today,
    maxDatabaseAge,
    audit:
      move &&
      libc &&
      auditOf(
        view,
        moving(view, withoutTwins(elfFiles, nativeModules)),
        libc,
        move,
        providers,
        packageList()?.date ?? null,
      ),
  }
  return {facts, warnings}
}

const releaseFiles: ReadonlySet<string> = new Set([
  'etc/os-release',
  'usr/lib/os-release',
  'etc/alpine-release',
  'etc/debian_version',
])

function firstReleaseLayer(view: RootView): number | null {
  for (const {layer, path} of view.history(smallText)) if (releaseFiles.has(path)) return layer
  return null
}

/** What the target says of itself counts more than what the person says of it, and the person should know. */
function releaseIsKnown({prettyName, id}: Release, assumed: string): Warning {
  const message = `the target says that it is ${prettyName || id}: that it were Alpine ${assumed} was not assumed`
  return {code: 'RELEASE_KNOWN', message}
}

function loaderMove({alpine, gcompat}: NonNullable<GatherOptions['move']>): Move {
  return {branch: alpine.branch, musl: parseMuslVersion(alpine.musl ?? '') ?? newestMusl, gcompat}
}

/** Leaves out builds for glibc beside which one for musl lies: on Alpine that one is loaded. */
function withoutTwins(files: readonly ElfFile[], modules: readonly NativeModule[]): readonly ElfFile[] {
  const replaced = new Set(
    modules.flatMap(module => module.files.filter(({twin}) => twin !== null).map(({path}) => path)),
  )
  return files.filter(({path}) => !replaced.has(path))
}

/** The files of an `.apk` belong to it: no package of Alpine comes in its place. */
function moving(view: RootView, files: readonly ElfFile[]): readonly ElfFile[] {
  return view.package === null ? files : files.map(file => ({...file, package: null}))
}

/** What becomes of the files on the release: judged once more with gcompat, to say where that is enough. */
function auditOf(
  view: RootView,
  files: readonly ElfFile[],
  libc: LibcTables,
  move: NonNullable<GatherOptions['move']>,
  providers: (soname: string) => readonly string[],
  packageListDate: string | null,
): Audit {
  const {alpine, gcompat} = move
  const again = gcompat
    ? null
    : alpineLoader(
        view,
        libc,
        {...loaderMove(move), gcompat: true},
        () => [],
        () => {},
      )
  return auditMove({
    alpine: {branch: alpine.branch, musl: alpine.musl ?? newestMusl.join('.')},
    gcompat,
    files,
    withGcompat: again?.(subjectsOf(view)) ?? null,
    providers,
    packageListDate,
  })
}
