import {createReadStream, readFileSync, statSync} from 'node:fs'
import {join} from 'node:path'
import {gzipSync} from 'node:zlib'
import {decompress} from '../../archive/compression.js'
import {type BodyWriter, TarWalker} from '../../archive/tar.js'
import {type TarFile, writeTar} from '../../archive/tar-writer.js'
import {DatabaseError, PitonError} from '../../model/errors.js'
import {limits} from '../../model/limits.js'
import {shorten} from '../../model/text.js'
import {type AdvisoryDatabase, openDatabase} from '../database.js'
import {databaseFiles, isDatabasePath} from '../database-files.js'
import {fileOf, filesIn, formatManifest, type Manifest, manifestName, parseManifest, readManifest} from '../manifest.js'
import {unwritable} from './files.js'
import {Generations} from './generations.js'
import {withLock} from './lock.js'
import type {CachePlaces} from './places.js'
import {usableDatabase} from './usable.js'

/** What a database may have, inflated: today's has 3 MB, with the package versions of all branches 50. */
const mostBytes = 256 * 1024 * 1024
const mostFiles = 1_000

/**
 * A database as one file: a compressed tar, its manifest first, so that `tar tf` shows what is in it. The same database
 * makes the same bytes.
 */
export function exportDatabase({location, date}: AdvisoryDatabase, by: string): Buffer {
  const known = readManifest(location)
  const made = known?.made ?? `${date}T00:00:00.000Z`
  const manifest: Manifest = known ?? {date, made, by, feeds: [], files: filesIn(location)}
  const files: TarFile[] = [...manifest.files.keys()].map(path => ({
    name: path,
    bytes: readFileSync(join(location, path)),
  }))
  const changed = files.find(({name, bytes}) => fileOf(bytes).sha256 !== manifest.files.get(name)?.sha256)
  if (changed !== undefined) {
    throw new DatabaseError('DATABASE_INVALID', `${join(location, changed.name)} is damaged: it is not exported`, {
      hint: 'Make it anew: piton db update.',
    })
  }
  const first = {name: manifestName, bytes: Buffer.from(formatManifest(manifest))}
  return gzipSync(writeTar([first, ...files], Date.parse(made) / 1000), {level: 9})
}

export interface ImportOptions {
  readonly places: CachePlaces
  readonly shipped: string
  /** Take also an older one. */
  readonly force: boolean
  readonly now?: () => number
  readonly onWait?: (holder: string) => void
}

/**
 * Puts an exported database to use, if all of it is what it should be.
 * @throws {DatabaseError} DATABASE_BUNDLE for a file that is damaged or something else, DATABASE_OLDER
 */
export async function importDatabase(
  file: string,
  {places, shipped, force, now = Date.now, onWait}: ImportOptions,
): Promise<AdvisoryDatabase> {
  const {manifest, contents} = await readBundle(file)
  try {
    return await withLock(
      places.lock,
      async () => {
        const generations = new Generations(places)
        const present = usableDatabase(generations, shipped)
        if (!force && present !== null && manifest.date < present.date) throw older(file, manifest, present)
        const {folder} = await generations.add(contents, manifest, now(), unfinished => checkUsable(unfinished, file))
        generations.prune(now())
        return openDatabase(folder)
      },
      onWait,
    )
  } catch (error) {
    throw unwritable(error, places.home)
  }
}

interface Bundle {
  readonly manifest: Manifest
  readonly contents: ReadonlyMap<string, Uint8Array>
}

async function readBundle(file: string): Promise<Bundle> {
  const contents = new Map<string, Uint8Array>()
  try {
    const {size} = statSync(file)
    if (size > limits.feedBytes) throw broken(file, `it has ${size} bytes`)
    await unpack(file, contents)
    const text = contents.get(manifestName)
    if (text === undefined) throw broken(file, `there is no ${manifestName} in it`)
    contents.delete(manifestName)
    const manifest = parseManifest(Buffer.from(text).toString('utf8'), `${file}: ${manifestName}`)
    for (const [path, bytes] of contents) {
      if (manifest.files.get(path)?.sha256 !== fileOf(bytes).sha256)
        throw broken(file, `${path} is not what its manifest says`)
    }
    const missing = [...manifest.files.keys()].find(path => !contents.has(path))
    if (missing !== undefined) throw broken(file, `${missing} is missing`)
    return {manifest, contents}
  } catch (error) {
    if (error instanceof DatabaseError && error.code === 'DATABASE_BUNDLE') throw error
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    if (isMissing) throw broken(file, 'there is no such file', error)
    if (error instanceof PitonError || (error instanceof Error && 'code' in error))
      throw broken(file, error.message, error)
    throw error
  }
}

/** Only what belongs into a database is taken, and nothing twice. */
async function unpack(file: string, contents: Map<string, Uint8Array>): Promise<void> {
  let total = 0
  const walker = new TarWalker(
    {
      member({name, flag, size}) {
        total += size
        const isKnown = name === manifestName || isDatabasePath(name)
        if (flag !== '0' || !isKnown || contents.has(name))
          throw broken(file, `it holds ${JSON.stringify(shorten(name, 60))}`)
        if (total > mostBytes || contents.size >= mostFiles) throw broken(file, `it holds more than ${mostBytes} bytes`)
        const bytes = new Uint8Array(size)
        contents.set(name, bytes)
        return into(bytes)
      },
    },
    file,
  )
  for await (const chunk of decompress(createReadStream(file), file)) walker.push(chunk)
  walker.end()
}

function into(bytes: Uint8Array): BodyWriter {
  let filled = 0
  return {
    limit: bytes.length,
    write(chunk) {
      bytes.set(chunk, filled)
      filled += chunk.length
    },
    end() {
      // As many bytes as the header stated have come.
    },
  }
}

/** Its hashes fit; but is it a database that this piton reads? */
function checkUsable(folder: string, file: string): void {
  try {
    const database = openDatabase(folder)
    for (const name of [...database.branches(), ...database.feeds()]) database.load(name)
    if (databaseFiles(folder).length > 0) database.rate('CVE-0000-0000')
  } catch (error) {
    if (error instanceof PitonError) throw broken(file, error.message, error)
    throw error
  }
}

function broken(file: string, why: string, cause?: unknown): DatabaseError {
  return new DatabaseError('DATABASE_BUNDLE', `${file} cannot be imported: ${why}`, {
    hint: 'Name a whole file that piton db export wrote; copy it again.',
    cause,
  })
}

function older(file: string, {date}: Manifest, present: AdvisoryDatabase): DatabaseError {
  return new DatabaseError('DATABASE_OLDER', `${file} is of ${date}, older than what is there, of ${present.date}`, {
    hint: '--force takes it all the same.',
  })
}
