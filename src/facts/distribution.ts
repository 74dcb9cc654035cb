import type {Distribution} from '../model/distribution.js'
import type {Warn} from '../model/warning.js'
import type {RootView} from '../rootfs/index.js'
import {readDpkg} from './dpkg.js'

/** rpm's database under each of the names that it has had: SQLite, Berkeley DB, ndb. */
const rpmDatabases = ['usr/lib/sysimage/rpm', 'var/lib/rpm'].flatMap(folder =>
  ['rpmdb.sqlite', 'Packages', 'Packages.db'].map(name => `${folder}/${name}`),
)

/** The package manager of the target, where it is not apk. */
export function readDistribution(view: RootView, warn: Warn): Distribution | null {
  return readDpkg(view, warn) ?? findRpm(view, warn)
}

/** rpm's database is binary, in three formats: that it is there is all that piton reads of it. */
function findRpm(view: RootView, warn: Warn): Distribution | null {
  const path = rpmDatabases.find(path => typeof view.resolve(path) !== 'string')
  if (path === undefined) return null
  const message = `${path} is not read: which files belong to packages of the distribution is not known`
  warn({code: 'RPM_NOT_READ', path, message})
  return {manager: 'rpm', path, packages: null}
}
