import {describe, expect, test} from 'vitest'
import {type Collector, mergeLayers} from '../../src/rootfs/index.js'
import {openSource} from '../../src/source/index.js'
import {parsePlatform} from '../../src/source/platform.js'
import {temporaryFolder, writeFiles} from '../support/files.js'
import {digestOf, type ImageParts, ociFiles} from '../support/images.js'
import {treeOf} from '../support/layers.js'
import {file, tarOf} from '../support/tar.js'

const content: Collector<string> = {
  name: 'content',
  wants: () => true,
  limitBytes: 1000,
  read: body => Buffer.from(body.read(0, 1000)).toString(),
}

const version = 'Directory Transport Version: 1.1\n'
const amd64: ImageParts = {layers: [tarOf([file('which', 'base')]), tarOf([file('which', 'amd64')])]}
const arm64: ImageParts = {layers: [tarOf([file('which', 'arm64')])], architecture: 'arm64'}

/**
 * The files of a folder as `skopeo copy dir:` writes it: the root of the image, blobs by their digests, and the manifests
 * of an index with `.manifest.json` behind.
 */
function dirFiles(...images: readonly ImageParts[]): Map<string, Buffer> {
  const oci = ociFiles(...images)
  const index = oci.get('index.json') as Buffer
  const manifests: string[] = JSON.parse(index.toString()).manifests.map(({digest}: {digest: string}) => digest)
  const files = new Map<string, Buffer>([['version', Buffer.from(version)]])
  for (const [path, bytes] of oci) {
    if (!path.startsWith('blobs/')) continue
    const digest = digestOf(bytes)
    if (!manifests.includes(digest)) files.set(digest.slice(7), bytes)
    else if (images.length === 1) files.set('manifest.json', bytes)
    else files.set(`${digest.slice(7)}.manifest.json`, bytes)
  }
  if (images.length > 1) files.set('manifest.json', index)
  return files
}

async function contents(target: string, platform: string | null = null): Promise<readonly string[]> {
  const image = await openSource(target, {platform: platform === null ? null : parsePlatform(platform), verify: false})
  try {
    return [image.reference.split(':')[0] ?? '', ...treeOf(await mergeLayers(image, [content], () => {}), content)]
  } finally {
    image.close()
  }
}

describe('what skopeo copy dir: and podman save --format docker-dir write', () => {
  const one = dirFiles(amd64)
  const two = dirFiles(amd64, arm64)
  const blob = digestOf(amd64.layers[1] ?? Buffer.alloc(0)).slice(7)
  const cases: [name: string, files: Map<string, Buffer>, scheme: string, platform: string | null, taken: unknown][] = [
    ['is told by its content', one, '', null, ['dir', 'which = amd64']],
    ['by its name', one, 'dir:', null, ['dir', 'which = amd64']],
    ['an index, by platform', two, '', 'linux/arm64', ['dir', 'which = arm64']],
    ['a platform that is not there', two, '', 'linux/s390x', /no image for linux\/s390x/],
    ['a layer with other bytes', new Map([...one, [blob, Buffer.alloc(9)]]), '', null, /digest|sha256/],
    ['a layer that is not there', new Map([...one].filter(([name]) => name !== blob)), '', null, /is not in/],
    ['without a manifest', new Map([['version', Buffer.from(version)]]), '', null, /manifest\.json is not in/],
    ['a file of that name', new Map([['version', Buffer.from('1.1')]]), '', null, ['rootfs', 'version = 1.1']],
  ]
  test.each(cases)('%s', async (_, files, scheme, platform, taken) => {
    const target = scheme + writeFiles(temporaryFolder(), files)
    if (taken instanceof RegExp) await expect(contents(target, platform)).rejects.toThrow(taken)
    else expect(await contents(target, platform)).toEqual(taken)
  })
})
