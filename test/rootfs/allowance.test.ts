import {afterEach, describe, expect, test} from 'vitest'
import {PitonError} from '../../src/model/errors.js'
import {limits, setLimits} from '../../src/model/limits.js'
import {type Collector, mergeLayers} from '../../src/rootfs/index.js'
import {layered} from '../support/layers.js'
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
