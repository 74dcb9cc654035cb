import {afterEach, describe, expect, test} from 'vitest'
import type {Digest} from '../../src/model/digest.js'
import {PitonError} from '../../src/model/errors.js'
import type {Image} from '../../src/model/image.js'
import {limits, setLimits} from '../../src/model/limits.js'
import {plainCodec} from '../../src/model/stored.js'
import {type Collector, mergeLayers} from '../../src/rootfs/index.js'
import {digestOf} from '../support/images.js'
import {layered} from '../support/layers.js'
import {TestMemory} from '../support/memory.js'
import {file, gnuLong, symlink, type TarItem, tarOf} from '../support/tar.js'

const usual = {...limits}
afterEach(() => setLimits(usual))

const kinds = ['random', 'stream'] as const
const merge = (tars: Uint8Array[], kind: 'random' | 'stream', collectors: readonly Collector[] = []) =>
  mergeLayers(layered(tars, {kind}), collectors, () => {})

async function refusal(tars: Uint8Array[], kind: 'random' | 'stream'): Promise<string> {
  const error = await merge(tars, kind).catch((thrown: unknown) => thrown)
  return error instanceof PitonError ? `${error.code}: ${error.message}` : String(error)
}

describe.each(kinds)('what all layers together keep, read as %s', kind => {
  const ten = (layer: string) => tarOf(Array.from({length: 10}, (_, at) => file(`${layer}/${at}`)))

  test('entries are counted over all layers', async () => {
    setLimits({entries: 30})
    expect((await merge([ten('a'), ten('b')], kind)).warnings).toEqual([])
    setLimits({entries: 15})
    expect(await refusal([ten('a'), ten('b')], kind)).toBe('ARCHIVE_LIMIT: layer 2: there are more than 15 entries')
  })

  const long = 'x'.repeat(1000)
  const names: [name: string, entries: TarItem[]][] = [
    ['of files', [gnuLong('L', `${long}1`), file('x'), gnuLong('L', `${long}2`), file('x')]],
    ['of links', [gnuLong('K', `${long}1`), symlink('a', 'x'), gnuLong('K', `${long}2`), symlink('b', 'x')]],
  ]
  for (const [name, entries] of names) {
    test(`names ${name} are counted`, async () => {
      setLimits({entries: 20, nameBytesPerEntry: 64})
      expect(await refusal([tarOf(entries)], kind)).toMatch(/^ARCHIVE_LIMIT: layer 1: .* longer than 1280 bytes/)
    })
  }

  test('folders that no entry describes count as entries', async () => {
    setLimits({entries: 100})
    const deep = Array.from({length: 4}, (_, at) => file(`${`${at}/`.repeat(40)}f`))
    const {warnings} = await merge([tarOf(deep)], kind)
    expect(warnings).toMatchObject([{code: 'LIMIT_ENTRIES', hides: true}])
  })

  const kept = (readsAgain: boolean): Collector<string> => ({
    name: 'kept',
    wants: () => true,
    limitBytes: 100,
    read: body => Buffer.from(body.read(0, 100)).toString(),
    weigh: value => value.length,
    readsAgain,
  })

  test('what finds no room is named, and is not in the view', async () => {
    setLimits({foundBytes: 150})
    const collector = kept(false)
    const view = await merge([tarOf([file('a', 'a'.repeat(100)), file('b', 'b'.repeat(100))])], kind, [collector])
    expect([...view.collected(collector)].map(({path}) => path)).toEqual(['a'])
    expect(view.warnings).toMatchObject([{code: 'LIMIT_FOUND', path: 'b', layer: 0, hides: true}])
  })

  test('what can be read again is, when somebody asks for it', async () => {
    setLimits({foundBytes: 150})
    const collector = kept(true)
    const view = await merge([tarOf([file('a', 'a'.repeat(100)), file('b', 'b'.repeat(100))])], kind, [collector])
    const found = view.resolve('b')
    if (typeof found === 'string' || found.node.type !== 'file') throw new Error('b is a file')
    expect(await view.read(found.node, collector)).toBe('b'.repeat(100))
    expect(view.warnings.map(({code, hides}) => [code, hides])).toEqual([['LIMIT_FOUND', undefined]])
  })
})

describe('what finds no room does not depend on which layer was quicker', () => {
  const weighed: Collector<string> = {
    name: 'weighed',
    wants: () => true,
    limitBytes: 100,
    read: body => Buffer.from(body.read(0, 100)).toString(),
    weigh: value => value.length,
    codec: plainCodec(),
  }
  const files = (...sizes: [path: string, size: number][]) =>
    tarOf(sizes.map(([path, size]) => file(path, path.repeat(size))))
  const tars = [files(['a', 40], ['b', 30]), files(['c', 20], ['d', 30], ['e', 1]), files(['f', 5], ['g', 5])]

  /** Of a registry, so that what is known is not read again. Layers are read one after another, in this order. */
  function image(order: readonly number[]): Image {
    const {layers, ...rest} = layered(tars, {kind: 'stream'})
    return {
      ...rest,
      layers: layers.map((layer, at) => ({
        ...layer,
        verified: true,
        content: digestOf(tars[at] ?? Buffer.alloc(0)) as Digest,
      })),
      remote: true,
      async readLayers(wanted, read) {
        const done = new Map<number, unknown>()
        for (const at of order) {
          const layer = wanted.find(({index}) => index === at)
          if (layer !== undefined) done.set(at, (await rest.readLayers([layer], read))[0])
        }
        return wanted.map(({index}) => done.get(index)) as never
      },
    }
  }

  const view = async (order: readonly number[], memory: TestMemory | null = null) => {
    const {warnings, collected} = await mergeLayers(image(order), [weighed], () => {}, memory).then(root => ({
      warnings: root.warnings,
      collected: [...root.collected(weighed)].map(({path}) => path),
    }))
    return {collected, warnings}
  }
  const orders = [
    [0, 1, 2],
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
  ]

  for (const order of orders) {
    test(`read as ${order}: lower layers come first, and after the first that finds none nothing does`, async () => {
      setLimits({foundBytes: 100})
      const {collected, warnings} = await view(order)
      expect(collected).toEqual(['a', 'b', 'c'])
      expect(warnings.map(({code, path, layer}) => [code, path, layer])).toEqual([
        ['LIMIT_FOUND', 'd', 1],
        ['LIMIT_FOUND', 'e', 1],
        ['LIMIT_FOUND', 'f', 2],
        ['LIMIT_FOUND', 'g', 2],
      ])
    })
  }

  test('nor on what was known of them before', async () => {
    setLimits({foundBytes: 100})
    const memory = new TestMemory()
    const fresh = await view([2, 1, 0])
    for (const order of orders) expect(await view(order, memory)).toEqual(fresh)
    setLimits({foundBytes: 1000})
    expect(await view([0, 1, 2], memory)).toMatchObject({collected: [...'abcdefg'], warnings: []})
    setLimits({foundBytes: 100})
    expect(await view([0, 1, 2], memory)).toEqual(fresh)
  })
})
