import type {BytesPlace, Codec} from '../model/stored.js'
import type {ImagePath} from '../model/tree.js'
import type {Warning} from '../model/warning.js'
import type {Collector} from './collector.js'
import {type Found, LayerRecord, type Weighed} from './layer-record.js'

/** As JSON: the columns that hold text, and where the bytes of the others are. */
interface Packed {
  readonly paths: readonly ImagePath[]
  readonly sizes: BytesPlace
  readonly numbers: BytesPlace
  readonly links: readonly (readonly [index: number, target: string])[]
  readonly capabilities: readonly (readonly [index: number, value: BytesPlace])[]
  readonly found: readonly (readonly [
    index: number,
    found: readonly (readonly [collector: string, packed: unknown])[],
  ])[]
  readonly weighed: readonly (readonly [index: number, collector: string, bytes: number])[]
  readonly warnings: readonly Warning[]
}

/** This warning speaks of the layer's place in this image: it is not true of the next one. */
const tiedToImage = 'ARCHIVE_RATIO'

/** May the record speak for these bytes wherever they are met again? What found no room in this image may in another. */
export function canBeKept(record: LayerRecord, collectors: readonly Collector[]): boolean {
  if (record.letGone.length > 0) return false
  const codecs = new Set(collectors.filter(({codec}) => codec !== undefined).map(({name}) => name))
  for (const {found} of record.findings()) for (const name of found.keys()) if (!codecs.has(name)) return false
  return !record.warnings.toArray().some(({code}) => code === tiedToImage)
}

/** How a record of what `collectors` read is kept between two runs. */
export function recordCodec(collectors: readonly Collector[]): Codec<LayerRecord> {
  const byName = new Map(collectors.map(collector => [collector.name, collector.codec]))
  const codecOf = (name: string): Codec<unknown> => {
    const codec = byName.get(name)
    if (codec === undefined) throw new TypeError(`nothing says how to keep what ${name} read`)
    return codec
  }
  return {
    pack(record, put): Packed {
      const {paths, sizes, numbers, links, capabilities, found, weighed} = record.columns()
      return {
        paths,
        sizes: put(bytesOf(sizes)),
        numbers: put(bytesOf(numbers)),
        links: [...links],
        capabilities: [...capabilities].map(([index, value]) => [index, put(value)]),
        found: [...found].map(([index, values]) => [
          index,
          [...values].map(([name, value]) => [name, codecOf(name).pack(value, put)]),
        ]),
        weighed: weighed.map(({index, collector, bytes}) => [index, collector, bytes]),
        warnings: record.warnings.toArray(),
      }
    },
    unpack(packed, get) {
      const {paths, sizes, numbers, links, capabilities, found, weighed, warnings} = packed as Packed
      return LayerRecord.of(
        {
          paths,
          sizes: new Float64Array(aligned(get(sizes))),
          numbers: new Uint32Array(aligned(get(numbers))),
          links: new Map(links),
          capabilities: new Map(capabilities.map(([index, place]) => [index, get(place)])),
          found: new Map(
            found.map(([index, values]): [number, Found] => [
              index,
              new Map(values.map(([name, value]) => [name, codecOf(name).unpack(value, get)])),
            ]),
          ),
          weighed: weighed.map(([index, collector, bytes]): Weighed => ({index, collector, bytes})),
        },
        warnings,
      )
    },
  }
}

function bytesOf({buffer, byteOffset, byteLength}: Float64Array | Uint32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}

/** Numbers are read at multiples of their size only. */
function aligned(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer
}
