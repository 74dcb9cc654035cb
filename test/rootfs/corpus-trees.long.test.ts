import {createHash} from 'node:crypto'
import {readFileSync} from 'node:fs'
import {expect, test} from 'vitest'
import {type Collector, mergeLayers} from '../../src/rootfs/index.js'
import {walkNodes} from '../../src/rootfs/merge.js'
import {openSource} from '../../src/source/index.js'
import {parsePlatform} from '../../src/source/platform.js'
import {shared} from '../support/shared.js'

/** Target, platform, and the tree that `umoci unpack` makes of it. */
const cases: [target: string, platform: string | null, tree: string][] = [
  ['multi-gzip.oci.tar', null, 'multi'],
  ['multi-zstd.oci.tar', null, 'multi'],
  ['multi-mixed.oci.tar', null, 'multi'],
  ['multi.docker.tar', null, 'multi'],
  ['single-aarch64.docker.tar.gz', null, 'single-aarch64'],
  ['index-nested-attest.oci.tar', 'linux/amd64', 'index.linux-amd64'],
  ['index-nested-attest.oci.tar', 'linux/arm64', 'index.linux-arm64'],
  ['index-nested-attest.oci.tar', 'linux/arm/v6', 'index.linux-arm-v6'],
  ['index-flat.layout', 'linux/arm', 'index.linux-arm-v6'],
  ['index-flat.layout', 'linux/arm64', 'index.linux-arm64'],
  ['docker-archive:legacy-two-images.docker.tar:old:3.9', null, 'index.linux-arm64'],
  ['docker-archive:legacy-two-images.docker.tar:old:3.9-app', null, 'legacy-app'],
  ['db-without-files.oci.tar', null, 'db-without-files'],
  ['real-containerd-alpine-3.14.tar', null, 'real-containerd-alpine-3.14'],
  ['oci-archive:real-containerd-alpine-3.14.tar', null, 'real-containerd-alpine-3.14'],
  ['real-containerd-busybox-attestation.tar', null, 'real-containerd-busybox-attestation'],
  ['real-docker-oci-hello-world.tar', null, 'real-docker-oci-hello-world'],
  ['real-docker-overwrite.tar', null, 'real-docker-overwrite'],
  ['real-docker-symlink-basic.tar', null, 'real-docker-symlink-basic'],
  ['real-docker-symlink-cycle.tar', null, 'real-docker-symlink-cycle'],
  ['real-docker-symlink-depth.tar', null, 'real-docker-symlink-depth'],
  ['real-kaniko.tar', null, 'real-kaniko'],
]

const sha256: Collector<string> = {
  name: 'sha256',
  wants: () => true,
  limitBytes: 1 << 30,
  read: body => createHash('sha256').update(body.read(0, body.sizeBytes)).digest('hex'),
}

const images = shared('corpus/images')

for (const [target, platform, tree] of cases) {
  for (const verify of [false, true]) {
    test.skipIf(images === null)(
      `${target} ${platform ?? ''} ${verify ? 'verified' : ''} has the tree of umoci unpack`,
      async () => {
        const at = target.search(/[^:]*$/) === 0 ? `${images}/${target}` : target.replace(':', `:${images}/`)
        expect(await treeOf(at, platform, verify)).toEqual(expectedTree(`${images}/${tree}.tree.ndjson`))
      },
    )
  }
}

async function treeOf(target: string, platform: string | null, verify: boolean): Promise<string[]> {
  const image = await openSource(target, {platform: platform === null ? null : parsePlatform(platform), verify})
  try {
    const view = await mergeLayers(image, [sha256], () => {})
    const nodes = [...walkNodes(view.root)]
    const names = new Map<unknown, string[]>()
    for (const {path, node} of nodes)
      if (node.type === 'file') names.set(node.content, [...(names.get(node.content) ?? []), path])
    return nodes
      .map(({path, node}) => {
        const common = [path, node.type === 'directory' ? 'dir' : node.type, node.uid, node.gid]
        const mode = node.type === 'symlink' ? '777' : node.mode.toString(8)
        if (node.type === 'symlink') return JSON.stringify([...common, mode, node.target])
        if (node.type !== 'file') return JSON.stringify([...common, mode])
        const group = names.get(node.content) ?? []
        return JSON.stringify([
          ...common,
          mode,
          node.size,
          foundHash(node.content.found),
          group.length > 1 ? group.sort()[0] : '',
        ])
      })
      .sort()
  } finally {
    image.close()
  }
}

const empty = createHash('sha256').digest('hex')

function foundHash(found: ReadonlyMap<string, unknown>): string {
  return (found.get('sha256') as string | undefined) ?? empty
}

interface Row {
  readonly path: string
  readonly type: string
  readonly mode: string
  readonly uid: number
  readonly gid: number
  readonly size?: number
  readonly sha256?: string
  readonly target?: string
  readonly hardlink_group?: number
}

function expectedTree(file: string): string[] {
  const rows = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as Row)
  const groups = new Map<number, string[]>()
  for (const {hardlink_group: group, path} of rows)
    if (group !== undefined) groups.set(group, [...(groups.get(group) ?? []), path])
  return rows
    .map(row => {
      const common = [row.path, row.type, row.uid, row.gid, row.mode]
      if (row.type === 'symlink') return JSON.stringify([...common, row.target])
      if (row.type !== 'file') return JSON.stringify(common)
      const group = row.hardlink_group === undefined ? '' : (groups.get(row.hardlink_group) ?? []).sort()[0]
      return JSON.stringify([...common, row.size, row.sha256, group])
    })
    .sort()
}
