import {decompress} from '../../archive/compression.js'
import {type BodyWriter, TarWalker} from '../../archive/tar.js'
import {exportsOf} from '../../model/commonjs.js'
import {DatabaseError} from '../../model/errors.js'
import {shorten} from '../../model/text.js'
import type {Warn} from '../../model/warning.js'
import {type AdvisoryID, parseIDs} from '../ids.js'
import {feedLimits} from '../limits.js'
import type {Feed} from './feed.js'
import {listOf, objectOf} from './shape.js'

export const rejectionsPath = 'rejections/security-rejections.tar.gz'

/** Ids by origin package, by repository. */
export type Rejections = ReadonlyMap<string, ReadonlyMap<string, readonly AdvisoryID[]>>

/** What Alpine says does not affect it beside the secdb, where not all of it arrives as fix version "0". */
export const rejections: Feed = {
  name: 'rejections',
  title: 'Alpine security-rejections',
  gives: 'which ids do not affect a package, in any branch',
  home: 'https://gitlab.alpinelinux.org/alpine/security/security-rejections',
  licence: 'facts published by Alpine Linux',
  everyHours: 24,
  byDefault: true,

  async plan({isService}) {
    return [
      {
        path: rejectionsPath,
        url: 'https://gitlab.alpinelinux.org/alpine/security/security-rejections/-/archive/master/security-rejections-master.tar.gz',
        form: 'gzip',
        limitBytes: feedLimits.rejectionBytes,
        isOptional: !isService,
      },
    ]
  },

  async check(body) {
    await readRejections(body.bytes(), body.where, () => {})
  },
}

/**
 * Reads the archive: `main.yaml` and `community.yaml`, each a map from package to ids.
 * @throws {DatabaseError} DATABASE_FEED where neither is in it; {ArchiveError} where it is no archive
 */
export async function readRejections(archive: Uint8Array, where: string, warn: Warn): Promise<Rejections> {
  const {parse} = exportsOf(await import('yaml'))
  const found = new Map<string, ReadonlyMap<string, readonly AdvisoryID[]>>()
  for (const [repository, text] of await unpack(archive, where)) {
    const name = `${where}: ${repository}.yaml`
    let document: unknown
    try {
      document = parse(text, {maxAliasCount: 0, logLevel: 'error'})
    } catch (cause) {
      throw new DatabaseError('DATABASE_FEED', `${name} is not YAML`, {cause})
    }
    found.set(repository, readList(document, name, warn))
  }
  if (found.size > 0) return found
  throw new DatabaseError('DATABASE_FEED', `${where} holds neither main.yaml nor community.yaml`)
}

function readList(document: unknown, where: string, warn: Warn): ReadonlyMap<string, readonly AdvisoryID[]> {
  const list = objectOf(document)
  if (list === null && document !== null) throw new DatabaseError('DATABASE_FEED', `${where} is not a map of packages`)
  const rejected = new Map<string, readonly AdvisoryID[]>()
  for (const [origin, texts] of Object.entries(list ?? {})) {
    const ids = listOf(texts).flatMap(text => (typeof text === 'string' ? parseIDs(text).ids : []))
    if (ids.length > 0 && /^[^\s\p{Cc}]{1,255}$/u.test(origin)) rejected.set(origin, ids)
    else warn({code: 'REJECTIONS_BAD_ENTRY', message: `${where}: ${JSON.stringify(shorten(origin, 60))} is left out`})
  }
  return rejected
}

/** The two lists, by repository, wherever in the archive they lie. */
async function unpack(archive: Uint8Array, where: string): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, Kept>()
  const walker = new TarWalker(
    {
      member({name, size}) {
        const [, repository] = /^(?:[^/]+\/)?(main|community)\.yaml$/.exec(name) ?? []
        if (repository === undefined) return null
        if (size > feedLimits.rejectionBytes) throw new DatabaseError('DATABASE_FEED', `${where}: ${name} is too large`)
        const kept = new Kept(size)
        texts.set(repository, kept)
        return kept
      },
    },
    where,
  )
  async function* once() {
    yield archive
  }
  let inflated = 0
  for await (const chunk of decompress(once(), where)) {
    inflated += chunk.length
    if (inflated > feedLimits.rejectionInflatedBytes)
      throw new DatabaseError('DATABASE_FEED', `${where} inflates to more than such an archive has`)
    walker.push(chunk)
  }
  walker.end()
  return new Map([...texts].map(([repository, kept]) => [repository, Buffer.concat(kept.chunks).toString('utf8')]))
}

class Kept implements BodyWriter {
  readonly limit: number
  readonly chunks: Uint8Array[] = []

  constructor(sizeBytes: number) {
    this.limit = sizeBytes
  }

  write(chunk: Uint8Array): void {
    // It is only valid until this returns.
    this.chunks.push(Uint8Array.from(chunk))
  }

  end(): void {
    // The text is put together when all of the archive is read.
  }
}
