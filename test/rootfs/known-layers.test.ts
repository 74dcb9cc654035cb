import {gzipSync} from 'node:zlib'
import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import type {Digest} from '../../src/model/digest.js'
import type {Image, Layer} from '../../src/model/image.js'
import {plainCodec} from '../../src/model/stored.js'
import type {ImagePath} from '../../src/model/tree.js'
import {type Collector, mergeLayers, type RootView} from '../../src/rootfs/index.js'
import {walkNodes} from '../../src/rootfs/merge.js'
import {openSource} from '../../src/source/index.js'
import {temporaryFile, temporaryFolder, writeFiles} from '../support/files.js'
import {digestOf, dockerArchive, type ImageParts, ociArchive, ociFiles} from '../support/images.js'
import {layered} from '../support/layers.js'
import {TestMemory} from '../support/memory.js'
import {file, folder, hardlink, pax, symlink, type TarItem, tarOf} from '../support/tar.js'

let reads = 0
const text: Collector<string> = {
  name: 'text',
  wants: ({path}) => !path.endsWith('.bin'),
  limitBytes: 1000,
  read: body => {
    reads++
    return Buffer.from(body.read(0, 1000)).toString('latin1')
  },
  codec: plainCodec(),
}

/** Everything that a view says of its nodes, and its warnings. */
function contentOf(view: RootView): unknown {
  const nodes = [...walkNodes(view.root)].map(({path, node}) => {
    if (node.type === 'directory') return [path, {...node, children: null}]
    if (node.type !== 'file') return [path, node]
    const {capability, content} = node
    return [
      path,
      {...node, capability: capability && [...capability], content: {...content, found: [...content.found]}},
    ]
  })
  return {nodes, warnings: view.warnings, history: [...view.history(text)]}
}

/** An image of streams that are compared with their digests, which are taken to be right. */
function digested(tars: readonly Uint8Array[], remote = false): Image & {readonly streamed: number[]} {
  const image = layered(tars, {kind: 'stream'})
  const layers = image.layers.map((layer, index): Layer => {
    return {...layer, content: digestOf(tars[index] ?? Buffer.alloc(0)) as Digest, verified: true}
  })
  const streamed: number[] = []
  return {
    ...image,
    layers,
    remote,
    streamed,
    readLayers(wanted, read) {
      streamed.push(...wanted.map(({index}) => index))
      return image.readLayers(wanted, read)
    },
  }
}

const layers: TarItem[][] = [
  [
    folder('etc'),
    file('etc/a', 'of a', {mode: 0o640, uid: 7, gid: 9}),
    hardlink('etc/b', 'etc/a'),
    symlink('lib', 'usr/lib'),
    pax({'SCHILY.xattr.security.capability': Buffer.from([1, 0, 0, 2, 0, 4])}),
    file('ping', 'of ping'),
    file('big.bin', 'nobody wants it'),
    {name: 'odd', type: 'V'},
  ],
  [file('lib/x', 'through the link'), file('.wh.ping'), file('ünïcode \u{1f4be}', 'é')],
  [],
]

describe('layers that are known say the same', () => {
  test('one by one, with all that belongs to an entry', async () => {
    const tars = layers.map(tarOf)
    const memory = new TestMemory()
    const plain = contentOf(await mergeLayers(digested(tars), [text], () => {}))
    const cold = contentOf(await mergeLayers(digested(tars), [text], () => {}, memory))
    reads = 0
    const warm = contentOf(await mergeLayers(digested(tars), [text], () => {}, memory))
    expect([cold, warm]).toEqual([plain, plain])
    expect([reads, memory.kept.length, memory.recalled.length]).toEqual([0, 3, 3])
  })

  const name = fc.string({minLength: 1, maxLength: 5}).map(words => words.replace(/[\0/]/g, '_'))
  const entry = fc
    .record({
      name,
      kind: fc.constantFrom('file', 'folder', 'symlink', 'hardlink', 'whiteout'),
      body: fc.string({maxLength: 20}),
      mode: fc.nat(0o7777),
      to: name,
    })
    .map(({name: path, kind, body, mode, to}): TarItem => {
      if (kind === 'folder') return folder(path, {mode})
      if (kind === 'symlink') return symlink(path, to)
      if (kind === 'hardlink') return hardlink(path, to)
      return file(kind === 'whiteout' ? `.wh.${path}` : path, body, {mode})
    })
  test('whatever they hold', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(entry, {maxLength: 12}), {minLength: 1, maxLength: 4}), async random => {
        const tars = random.map(tarOf)
        const memory = new TestMemory()
        const plain = contentOf(await mergeLayers(digested(tars), [text], () => {}))
        await mergeLayers(digested(tars), [text], () => {}, memory)
        expect(contentOf(await mergeLayers(digested(tars, true), [text], () => {}, memory))).toEqual(plain)
      }),
      {numRuns: 60},
    )
  })

  test('and those that are elsewhere are not fetched, but for the unknown', async () => {
    const tars = layers.map(tarOf)
    const memory = new TestMemory()
    const streamed = async (image: ReturnType<typeof digested>) => {
      await mergeLayers(image, [text], () => {}, memory)
      return image.streamed
    }
    expect(await streamed(digested(tars, true))).toEqual([0, 1, 2])
    expect(await streamed(digested(tars, true))).toEqual([])
    expect(await streamed(digested([...tars.slice(0, 2), tarOf([file('new', 'x')])], true))).toEqual([2])
  })

  test('to other collectors they are unknown', async () => {
    const tars = layers.map(tarOf)
    const memory = new TestMemory()
    await mergeLayers(digested(tars), [text], () => {}, memory)
    await mergeLayers(digested(tars), [text, {...text, name: 'more'}], () => {}, memory)
    expect(memory.recalled).toEqual([])
  })

  test('a file that a link led to is kept, too', async () => {
    const tars = [tarOf([file('real.bin', 'what is in it'), symlink('name', 'real.bin')])]
    const memory = new TestMemory()
    for (const fetched of [[0, 0], []]) {
      const image = digested(tars, true)
      const view = await mergeLayers(image, [text], () => {}, memory)
      const found = view.resolve('name')
      if (typeof found === 'string' || found.node.type !== 'file') throw new Error('it is there')
      expect(await view.read(found.node, text)).toBe('what is in it')
      expect(image.streamed).toEqual(fetched)
    }
  })
})

describe('what nobody hashed, or nobody can keep, is not kept', () => {
  const silent = {...text, codec: undefined} as unknown as Collector
  const cases: [name: string, image: () => Image, collector: Collector, kept: number][] = [
    ['read at offsets', () => layered([tarOf(layers[0] ?? [])]), text, 0],
    ['a collector that does not say how', () => digested([tarOf(layers[0] ?? [])]), silent, 0],
    ['the same, where it found nothing', () => digested([tarOf([file('a.bin', 'x')])]), silent, 1],
  ]
  for (const [name, image, collector, kept] of cases) {
    test(name, async () => {
      const memory = new TestMemory()
      await mergeLayers(image(), [collector], () => {}, memory)
      expect(memory.kept).toHaveLength(kept)
    })
  }
})

describe('in real images', () => {
  const tars = layers.map(tarOf)
  const parts: ImageParts = {layers: tars, compress: tar => gzipSync(tar)}
  const read = async (target: string, verify: boolean, memory: TestMemory) => {
    const image = await openSource(target, {platform: null, verify})
    try {
      return contentOf(await mergeLayers(image, [text], () => {}, memory))
    } finally {
      image.close()
    }
  }

  const targets: [name: string, target: () => string, verify: boolean, kept: number][] = [
    ['an OCI archive', () => temporaryFile(ociArchive(parts)), false, 3],
    ['an OCI folder', () => writeFiles(temporaryFolder(), ociFiles(parts)), false, 3],
    ['docker save', () => temporaryFile(dockerArchive({layers: tars})), false, 0],
    ['docker save, verified', () => temporaryFile(dockerArchive({layers: tars})), true, 3],
    ['docker save, compressed as a whole', () => temporaryFile(gzipSync(dockerArchive({layers: tars}))), false, 3],
  ]
  for (const [name, target, verify, kept] of targets) {
    test(name, async () => {
      const [path, memory] = [target(), new TestMemory()]
      const cold = await read(path, verify, memory)
      expect(memory.kept).toHaveLength(kept)
      reads = 0
      expect(await read(path, verify, memory)).toEqual(cold)
      expect(memory.recalled).toHaveLength(kept)
      if (kept > 0) expect(reads).toBe(0)
    })
  }

  test('a layer with the name of another, unverified, does not speak for it', async () => {
    const memory = new TestMemory()
    const honest = {layers: [tarOf([file('a', 'honest')])]}
    const lying = dockerArchive(honest)
    lying.write('lying!', lying.indexOf('honest'))
    const path = temporaryFile(lying)
    await read(path, false, memory)
    await expect(read(path, true, memory)).rejects.toThrow(/should be/)
    expect(memory.kept).toEqual([])
    expect(JSON.stringify(await read(temporaryFile(ociArchive(honest)), false, memory))).toContain('honest')
  })

  const damages: [name: string, parts: ImageParts, build: (parts: ImageParts) => Buffer, verify: boolean][] = [
    ['an OCI archive', parts, ociArchive, false],
    ['docker save, verified', {layers: tars}, dockerArchive, true],
  ]
  for (const [name, image, build, verify] of damages) {
    test(`a known layer that was damaged since is an error as before: ${name}`, async () => {
      const memory = new TestMemory()
      const bytes = build(image)
      await read(temporaryFile(bytes), verify, memory)
      const blob = Buffer.from(image.compress?.(tars[0] ?? Buffer.alloc(0), 0) ?? tars[0] ?? Buffer.alloc(0))
      const at = bytes.indexOf(blob) + blob.length - 5
      bytes[at] = (bytes[at] ?? 0) ^ 1
      await expect(read(temporaryFile(bytes), verify, memory)).rejects.toThrow(/should be/)
    })
  }
})

test('equal layers are read once', async () => {
  const tar = tarOf([file('a', 'x')])
  const image = digested([tar, tarOf([file('b', 'y')]), tar])
  const view = await mergeLayers(image, [text], () => {})
  expect(image.streamed).toEqual([0, 1])
  const a = view.root.children.get('a' as ImagePath)
  expect([a?.layer, [...view.root.children.keys()].sort()]).toEqual([2, ['a', 'b']])
})
