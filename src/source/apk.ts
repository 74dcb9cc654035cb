import {basename} from 'node:path'
import {readPackageFile} from '../apk/package-file.js'
import {unpack} from '../archive/unpack.js'
import {sliceSource} from '../bytes/source.js'
import type {Image, LayerContent, Platform} from '../model/image.js'
import {packageInfoPath} from '../model/package.js'
import type {Warning} from '../model/warning.js'
import {plainTarget} from './plain.js'
import {normalPlatform} from './platform.js'
import type {OpenBytes} from './receive.js'

/**
 * One package of apk 2, as it would be installed: its files are the tree, and itself the only package. Its files are
 * verified by the digest that it states; whether its signature is somebody's is apk's to say.
 * @param path as the person wrote it
 * @param name in messages
 */
export function openApk(file: OpenBytes, path: string, name: string): Image {
  const {package: found, dataHash, dataOffset, warnings} = readPackageFile(file, name)
  const data = sliceSource(file, dataOffset, file.sizeBytes - dataOffset)
  const plain = plainTarget(name, data.sizeBytes)
  const [layer] = plain.layers
  const where = dataHash === null ? name : `the data of ${name}`
  const content = (): LayerContent => ({kind: 'stream', tar: unpack(data, {where, digest: dataHash})})
  return {
    kind: 'apk',
    reference: `apk:${path}`,
    ...plain,
    name: found.name,
    platform: platformOf(found.architecture),
    package: found,
    layers: layer === undefined ? [] : [{...layer, verified: dataHash !== null}],
    warnings: [...warnings, ...(dataHash === null ? [unverified(basename(name))] : [])],
    readLayers: (layers, read) => Promise.all(layers.map(wanted => read(content(), wanted))),
    close: () => file.close(),
  }
}

function platformOf(architecture: string): Platform | null {
  return architecture === '' || architecture === 'noarch' ? null : normalPlatform('linux', architecture, '')
}

function unverified(name: string): Warning {
  const message = `${packageInfoPath} of ${name} states no datahash: its files were not verified`
  return {code: 'APK_NO_DATAHASH', path: packageInfoPath, message}
}
