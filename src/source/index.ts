import {statSync} from 'node:fs'
import {join} from 'node:path'
import {sniffBytes, sniffCompression} from '../archive/compression.js'
import {hasTarChecksum, isZeroBlock} from '../archive/tar-header.js'
import {NetError, SourceError, UsageError} from '../model/errors.js'
import type {OnEvent} from '../model/event.js'
import type {Image, Platform} from '../model/image.js'
import {dockerManifest, isDockerManifest, planDockerArchive} from './docker-archive.js'
import {isElf, openElf} from './elf.js'
import {FileSource, notFound} from './file.js'
import {openFolder} from './folder.js'
import {parseJson} from './json.js'
import {ociIndex, ociMarker, planOci} from './oci.js'
import {plainTarget} from './plain.js'
import {type ImagePlan, imageOf} from './plan.js'
import {parseReference, type Reference} from './reference.js'
import type {RegistryOptions} from './registry.js'
import {folderStore, readSmall} from './store.js'
import {openTar, type TarArchive} from './tar-store.js'
import {parseTarget, type Scheme, type Target} from './target.js'

export type {RegistryOptions} from './registry.js'

export interface SourceOptions {
  /** What `--platform` asked for; null for the default. */
  readonly platform: Platform | null
  /** Hash also what need not be read in full. */
  readonly verify: boolean
  readonly on?: OnEvent
  /** Where not {@link limits.spoolBytes}. */
  readonly spoolBytes?: number
  /** No network at all. */
  readonly offline?: boolean
  readonly registry?: RegistryOptions
}

type Open = (target: Target, options: SourceOptions) => Promise<Image>

/** One line a scheme. */
const openers: Partial<Record<Scheme, Open>> = {
  rootfs: openRootfs,
  'docker-archive': openDockerArchive,
  oci: openOciFolder,
  'oci-archive': openOciArchive,
  elf: async ({value}) => openElf(value),
  registry: openInRegistry,
}

/**
 * Opens what the person named.
 * @param text `[SCHEME:]VALUE`, see PRODUCT.md "TARGET"
 * @throws {SourceError} where nothing that piton knows is there; {ImageError}, {ArchiveError} where it is malformed
 */
export async function openSource(text: string, options: SourceOptions): Promise<Image> {
  const target = parseTarget(text)
  const scheme = target.scheme ?? (await detect(target.value))
  const open = openers[scheme]
  if (open === undefined) throw unsupported(scheme)
  return open(target, options)
}

function unsupported(scheme: Scheme): SourceError {
  return new SourceError('SOURCE_UNSUPPORTED', `this version of piton does not open ${scheme}: targets`, {
    hint: 'Name a folder, a root file system, a saved image (docker save app -o app.tar) or an image in a registry.',
  })
}

/** What is it, when nobody said? Told by what is there, never by a name. */
async function detect(path: string): Promise<Scheme> {
  const stat = statSync(path, {throwIfNoEntry: false})
  if (stat === undefined) {
    if (/^[./~]/.test(path) || /\.(?:tar|tgz|gz|zst|xz)(?::[^/]*)?$/.test(path)) throw notFound(path)
    return 'registry'
  }
  if (!stat.isDirectory()) return detectFile(path)
  return statSync(join(path, ociMarker), {throwIfNoEntry: false}) === undefined ? 'rootfs' : 'oci'
}

/** A file is an archive, or says clearly what else it is. Which archive, {@link openArchive} finds out. */
function detectFile(path: string): Scheme {
  const file = new FileSource(path)
  try {
    return isElf(file.read(0, 4)) ? 'elf' : 'rootfs'
  } finally {
    file.close()
  }
}

async function openRootfs({scheme, value}: Target, options: SourceOptions): Promise<Image> {
  if (exists(value).isDirectory()) return openFolder(value, `rootfs:${value}`)
  const archive = await openArchive(value, options)
  return guarded(archive, async () => {
    if (scheme === null && isDockerArchive(archive)) {
      return imageOf(await planDockerOrOci(archive, options), archive, `docker-archive:${value}`, options.verify)
    }
    if (scheme === null && isOciArchive(archive)) {
      return imageOf(await planOci(archive, null, options.platform), archive, `oci-archive:${value}`, options.verify)
    }
    return rootfsImage(archive, value)
  })
}

async function openDockerArchive({value, select}: Target, options: SourceOptions): Promise<Image> {
  const archive = await openArchive(value, options)
  const reference = `docker-archive:${value}${select === null ? '' : `:${select}`}`
  return guarded(archive, () =>
    imageOf(planDockerArchive(archive, select, options.platform), archive, reference, options.verify),
  )
}

async function openOciArchive({value, select}: Target, options: SourceOptions): Promise<Image> {
  const archive = await openArchive(value, options)
  const reference = `oci-archive:${value}${select === null ? '' : `:${select}`}`
  return guarded(archive, async () =>
    imageOf(await planOci(archive, select, options.platform), archive, reference, options.verify),
  )
}

async function openOciFolder({value, select}: Target, options: SourceOptions): Promise<Image> {
  if (!exists(value).isDirectory())
    throw new SourceError('SOURCE_UNKNOWN', `${value} is not a folder`, {hint: 'Use oci-archive: for a tar file.'})
  const store = folderStore(value)
  const reference = `oci:${value}${select === null ? '' : `:${select}`}`
  return guarded(store, async () =>
    imageOf(await planOci(store, select, options.platform), store, reference, options.verify),
  )
}

async function openInRegistry({scheme, value}: Target, {offline, platform, registry}: SourceOptions): Promise<Image> {
  const reference = scheme === null ? guessedReference(value) : parseReference(value)
  if (offline === true) {
    throw new NetError('NET_OFFLINE', `${reference.name} is in a registry, and --offline allows no network`, {
      hint: `Save it where there is one (docker save ${reference.name} -o image.tar) and scan the file.`,
    })
  }
  const {openRegistry} = await import('./registry.js')
  return openRegistry(reference, platform, registry ?? {})
}

/** What is no file, and had no scheme, may have been meant as either. */
function guessedReference(text: string): Reference {
  try {
    return parseReference(text)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    const {message, hint = ''} = error
    throw new SourceError('SOURCE_NOT_FOUND', `there is no such file, and ${message}`, {hint})
  }
}

/** Today's `docker save` writes both forms; its `manifest.json` names one platform, its index perhaps more. */
async function planDockerOrOci(archive: TarArchive, options: SourceOptions): Promise<ImagePlan> {
  try {
    return planDockerArchive(archive, null, options.platform)
  } catch (error) {
    if (options.platform === null || !isOciArchive(archive)) throw error
    return planOci(archive, null, options.platform)
  }
}

async function openArchive(path: string, {on, spoolBytes}: SourceOptions): Promise<TarArchive> {
  exists(path)
  const file = new FileSource(path)
  return guarded(file, () => {
    const head = file.read(0, 512)
    const isTar = head.length === 512 && (hasTarChecksum(head) || isZeroBlock(head, 0))
    if (sniffCompression(head.subarray(0, sniffBytes)) === 'none' && !isTar) throw unknown(path, head)
    return openTar(file, path, on, spoolBytes)
  })
}

function unknown(path: string, head: Uint8Array): SourceError {
  const what = head.length === 0 ? 'is empty' : 'is not a tar archive, plain or compressed with gzip, zstd or xz'
  return new SourceError('SOURCE_UNKNOWN', `${path} ${what}`, {
    hint: 'piton opens what docker save writes, OCI archives and layouts, and root file systems (folders and tarballs).',
  })
}

function isDockerArchive(archive: TarArchive): boolean {
  if (archive.sizeOf(dockerManifest) === null) return false
  // A root file system may hold a file of this name; then it has the folders of one, and the file is something else.
  const plain = archive.sizeOf('etc/os-release') === null && archive.sizeOf('etc/alpine-release') === null
  const bytes = readSmall(archive, dockerManifest, dockerManifest)
  try {
    return isDockerManifest(parseJson(bytes, `${dockerManifest} of ${archive.name}`)) || plain
  } catch (error) {
    if (plain) throw error
    return false
  }
}

function isOciArchive(archive: TarArchive): boolean {
  return archive.sizeOf(ociMarker) !== null && archive.sizeOf(ociIndex) !== null
}

/** A tarball of a root file system: one layer, in which `.wh.` is only a name. */
function rootfsImage(archive: TarArchive, path: string): Image {
  const {tar} = archive
  return {
    kind: 'rootfs',
    reference: `rootfs:${path}`,
    ...plainTarget(path, archive.storedBytes),
    readLayers: (layers, read) =>
      Promise.all(
        layers.map(wanted =>
          read(typeof tar === 'function' ? {kind: 'stream', tar: tar()} : {kind: 'random', tar}, wanted),
        ),
      ),
    close: () => archive.close(),
  }
}

function exists(path: string) {
  const stat = statSync(path, {throwIfNoEntry: false})
  if (stat === undefined) throw notFound(path)
  return stat
}

/** Closes what was opened if the next step fails. */
async function guarded<T>(opened: {close(): void}, next: () => T | Promise<T>): Promise<T> {
  try {
    return await next()
  } catch (error) {
    opened.close()
    throw error
  }
}
