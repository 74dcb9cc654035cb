import {readIndexArchive} from '../apk/index-archive.js'
import {type IndexedPackage, parsePackageIndex} from '../apk/package-index.js'
import {compareBranches, isBranch} from './branch.js'
import type {Feeds} from './feed-folder.js'
import {apkIndexPath} from './feeds/apk-index.js'

/** What one repository holds for one architecture. */
export interface RepositoryIndex {
  /** `v3.17/main`. */
  readonly repository: string
  readonly branch: string
  readonly architecture: string
  readonly packages: readonly IndexedPackage[]
}

/** The indexes in `apkindex/BRANCH/REPOSITORY/ARCHITECTURE/APKINDEX.tar.gz`; newest branch first. */
export async function readIndexes(feeds: Feeds): Promise<RepositoryIndex[]> {
  const folder = 'apkindex'
  const indexes: RepositoryIndex[] = []
  for (const branch of feeds.list(folder).filter(isBranch).sort(compareBranches).reverse()) {
    for (const repository of feeds.list(`${folder}/${branch}`)) {
      for (const architecture of feeds.list(`${folder}/${branch}/${repository}`)) {
        const path = apkIndexPath(branch, repository, architecture)
        const bytes = feeds.readBytes(path)
        if (bytes === null) continue
        const packages = parsePackageIndex(await readIndexArchive(bytes, path))
        indexes.push({repository: `${branch}/${repository}`, branch, architecture, packages})
      }
    }
  }
  return indexes
}

/** YYYY-MM-DD of the newest package; null where none says when it was built. */
export function newestBuild(indexes: readonly Pick<RepositoryIndex, 'packages'>[]): string | null {
  const times = indexes.flatMap(({packages}) => packages.flatMap(({buildTime}) => buildTime ?? []))
  const newest = times.reduce((latest, time) => Math.max(latest, time), 0)
  return newest === 0 ? null : new Date(newest * 1000).toISOString().slice(0, 10)
}
