import {join} from 'node:path'
import {NetError, SourceError, UsageError} from '../model/errors.js'
import type {OnEvent} from '../model/event.js'
import type {Image, Platform} from '../model/image.js'
import {openApk} from './apk.js'
import {isDirFolder, planDir} from './dir.js'
import {planDockerArchive} from './docker-archive.js'
import {openElf} from './elf.js'
import {FileSource, notFound, statOf} from './file.js'
import {openFolder} from './folder.js'
import {inputName, receiveInput, type StandardInput} from './input.js'
import {kindBytes, kindOf, noArchive} from './kind.js'
import {ociMarker, planOci} from './oci.js'
import {plainTarget} from './plain.js'
import {imageOf} from './plan.js'
import type {OpenBytes, ReceiveLimits} from './receive.js'
import {parseReference, type Reference} from './reference.js'
import type {RegistryOptions} from './registry.js'
import {folderStore} from './store.js'
import {openTar, type TarArchive} from './tar-store.js'
import {inputTarget, parseTarget, type Scheme, type Target} from './target.js'
import {isDockerArchive, isOciArchive, planDockerOrOci} from './which-archive.js'

export type {StandardInput} from './input.js'
export type {RegistryOptions} from './registry.js'

export interface SourceOptions {
  /** What `--platform` asked for; null for the default. */
  readonly platform: Platform | null
  /** Hash also what need not be read in full. */
  readonly verify: boolean
  readonly on?: OnEvent
  /** Where not {@link limits.spoolBytes}. */
  readonly spoolBytes?: number
  /** Of what comes through a pipe, where not those of `model/limits.ts`. */
  readonly receiveLimits?: Partial<ReceiveLimits>
  /** What `-` means; without it there is none. */
  readonly input?: StandardInput | undefined
  /** No network at all. */
  readonly offline?: boolean
  readonly registry?: RegistryOptions
}

/** Options, and the bytes of the target where they are open already. */
interface Opening extends SourceOptions {
  readonly received: OpenBytes | null
}

type Open = (target: Target, options: Opening) => Promise<Image>

/** One line a scheme. */
const openers: Record<Scheme, Open> = {
  rootfs: openRootfs,
  'docker-archive': openDockerArchive,
  oci: openOciFolder,
  'oci-archive': openOciArchive,
  dir: openDirFolder,
  elf: async ({value}, {received}) => openElf(value, received),
  apk: openPackage,
  registry: openInRegistry,
  docker: openLocal,
  podman: openLocal,
}

/**
 * Opens what the person named.
 * @param text `[SCHEME:]VALUE`, see PRODUCT.md "TARGET"
 * @throws {SourceError} where nothing that piton knows is there; {ImageError}, {ArchiveError} where it is malformed
 */
export async function openSource(text: string, options: SourceOptions): Promise<Image> {
  const target = parseTarget(text)
  const received = target.value === inputTarget ? await openInput(target, options) : null
  const next = async () => {
    const scheme = target.scheme ?? detect(target.value, received)
    return openers[scheme](target, {...options, received})
  }
  return received === null ? next() : guarded(received, next)
}

/** Schemes whose value is a file, which may be standard input as well. */
const fileSchemes: ReadonlySet<Scheme | null> = new Set<Scheme | null>([
  null,
  'docker-archive',
  'oci-archive',
  'rootfs',
  'apk',
  'elf',
])

function openInput({scheme}: Target, {input, on, receiveLimits}: SourceOptions): Promise<OpenBytes> {
  if (!fileSchemes.has(scheme)) {
    throw new UsageError('USAGE_TARGET', `${scheme}:- is nothing that comes through a pipe`, {
      hint: 'Write - alone: what comes is told by its content.',
    })
  }
  return receiveInput(input, head => kindOf(head, inputName), on, receiveLimits)
}

/** What is it, when nobody said? Told by what is there, never by a name. */
function detect(path: string, received: OpenBytes | null): Scheme {
  if (received !== null) return schemeOf(received, inputName)
  const stat = statOf(path)
  if (stat === null) {
    if (/^[./~]/.test(path) || /\.(?:tar|tgz|gz|zst|xz|apk)(?::[^/]*)?$/.test(path)) throw notFound(path)
    return 'registry'
  }
  if (stat.isDirectory()) {
    if (statOf(join(path, ociMarker)) !== null) return 'oci'
    return isDirFolder(path) ? 'dir' : 'rootfs'
  }
  const file = new FileSource(path)
  try {
    return schemeOf(file, path)
  } finally {
    file.close()
  }
}

/** A file is an archive, or says clearly what else it is. Which archive, {@link openRootfs} finds out. */
function schemeOf(file: OpenBytes, name: string): Scheme {
  const kind = kindOf(file.read(0, kindBytes), name)
  return kind === 'archive' ? 'rootfs' : kind
}

async function openRootfs({scheme, value}: Target, options: Opening): Promise<Image> {
  if (options.received === null && exists(value).isDirectory()) return openFolder(value, `rootfs:${value}`)
  const archive = await openArchive(value, options)
  return guarded(archive, async () => {
    if (scheme === null && isDockerArchive(archive)) {
      return imageOf(
        await planDockerOrOci(archive, options.platform),
        archive,
        `docker-archive:${value}`,
        options.verify,
      )
    }
    if (scheme === null && isOciArchive(archive)) {
      return imageOf(await planOci(archive, null, options.platform), archive, `oci-archive:${value}`, options.verify)
    }
    return rootfsImage(archive, value)
  })
}

async function openDockerArchive({value, select}: Target, options: Opening): Promise<Image> {
  const archive = await openArchive(value, options)
  const reference = `docker-archive:${value}${select === null ? '' : `:${select}`}`
  return guarded(archive, () =>
    imageOf(planDockerArchive(archive, select, options.platform), archive, reference, options.verify),
  )
}

async function openOciArchive({value, select}: Target, options: Opening): Promise<Image> {
  const archive = await openArchive(value, options)
  const reference = `oci-archive:${value}${select === null ? '' : `:${select}`}`
  return guarded(archive, async () =>
    imageOf(await planOci(archive, select, options.platform), archive, reference, options.verify),
  )
}

async function openPackage({value}: Target, {received}: Opening): Promise<Image> {
  if (received === null) exists(value)
  const [file, name] = received === null ? [new FileSource(value), value] : [received, inputName]
  return guarded(file, () => {
    if (kindOf(file.read(0, kindBytes), name) === 'apk') return openApk(file, value, name)
    throw new SourceError('SOURCE_UNKNOWN', `${name} is not an apk package`, {
      hint: 'A package of apk 2 is gzip, and begins with its signature or .PKGINFO.',
    })
  })
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

async function openDirFolder({value}: Target, options: SourceOptions): Promise<Image> {
  if (!exists(value).isDirectory())
    throw new SourceError('SOURCE_UNKNOWN', `${value} is not a folder`, {
      hint: 'Name a tar file without dir: before it.',
    })
  const store = folderStore(value)
  return guarded(store, async () =>
    imageOf(await planDir(store, options.platform), store, `dir:${value}`, options.verify),
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

async function openLocal({scheme, value}: Target, options: Opening): Promise<Image> {
  const {platform, verify, offline = false, registry: connection = {}, receiveLimits, on} = options
  const {openInEngine} = await import('./engine.js')
  const engine = scheme === 'podman' ? 'podman' : 'docker'
  return openInEngine(engine, value, {platform, verify, offline, connection, receiveLimits, on})
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

async function openArchive(path: string, {on, spoolBytes, received}: Opening): Promise<TarArchive> {
  if (received === null) exists(path)
  const [file, name] = received === null ? [new FileSource(path), path] : [received, inputName]
  return guarded(file, () => {
    const head = file.read(0, kindBytes)
    if (kindOf(head, name) === 'elf') throw noArchive(head, name)
    return openTar(file, name, on, spoolBytes)
  })
}

/** A tarball of a root file system: one layer, in which `.wh.` is only a name. */
function rootfsImage(archive: TarArchive, path: string): Image {
  const {tar} = archive
  return {
    kind: 'rootfs',
    reference: `rootfs:${path}`,
    ...plainTarget(archive.name, archive.storedBytes),
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
  const stat = statOf(path)
  if (stat === null) throw notFound(path)
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
