import {readIndexArchive} from '../../apk/index-archive.js'
import {verifyIndex} from '../../apk/index-signature.js'
import {parsePackageIndex} from '../../apk/package-index.js'
import {DatabaseError} from '../../model/errors.js'
import {feedLimits} from '../limits.js'
import type {Feed} from './feed.js'
import {repositories} from './secdb.js'

/** `apkindex/v3.19/main/x86_64/APKINDEX.tar.gz`. */
export function apkIndexPath(branch: string, repository: string, architecture: string): string {
  return `apkindex/${branch}/${repository}/${architecture}/APKINDEX.tar.gz`
}

/** What Alpine's repositories hold: which package brings a library, and which versions there are to install. */
export const apkIndex: Feed = {
  name: 'apkindex',
  title: 'Alpine package indexes',
  gives: 'which package brings a library, and which versions can be installed',
  home: 'https://wiki.alpinelinux.org/wiki/Apk_spec',
  licence: 'facts published by Alpine Linux, signed by it',
  everyHours: 1,
  byDefault: false,

  async plan({branches, architectures}) {
    if (branches === null || architectures.length === 0) {
      throw new DatabaseError('DATABASE_FEED', 'package indexes are fetched by branch and architecture', {
        hint: 'Name both: --branch v3.21 --arch x86_64.',
      })
    }
    return branches.flatMap(branch =>
      repositories.flatMap(repository =>
        architectures.map(architecture => ({
          path: apkIndexPath(branch, repository, architecture),
          url: `https://dl-cdn.alpinelinux.org/alpine/${branch}/${repository}/${architecture}/APKINDEX.tar.gz`,
          form: 'gzip' as const,
          limitBytes: feedLimits.packageIndexBytes,
          isOptional: repository !== 'main',
        })),
      ),
    )
  },

  async check(body, {path}, {keys}) {
    const bytes = body.bytes()
    verifyIndex(bytes, keys, path)
    if (parsePackageIndex(await readIndexArchive(bytes, path)).length > 0) return
    throw new DatabaseError('DATABASE_FEED', `${path} names no package`)
  },
}
