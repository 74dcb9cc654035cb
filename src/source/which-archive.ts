import type {Platform} from '../model/image.js'
import {dockerManifest, isDockerManifest, planDockerArchive} from './docker-archive.js'
import {parseJson} from './json.js'
import {ociIndex, ociMarker, planOci} from './oci.js'
import type {ImagePlan} from './plan.js'
import {readSmall} from './store.js'
import type {TarArchive} from './tar-store.js'

/** Is it what `docker save` writes? */
export function isDockerArchive(archive: TarArchive): boolean {
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

export function isOciArchive(archive: TarArchive): boolean {
  return archive.sizeOf(ociMarker) !== null && archive.sizeOf(ociIndex) !== null
}

/** Today's `docker save` writes both forms; its `manifest.json` names one platform, its index perhaps more. */
export async function planDockerOrOci(archive: TarArchive, platform: Platform | null): Promise<ImagePlan> {
  if (!isDockerArchive(archive)) return planOci(archive, null, platform)
  try {
    return planDockerArchive(archive, null, platform)
  } catch (error) {
    if (platform === null || !isOciArchive(archive)) throw error
    return planOci(archive, null, platform)
  }
}
