import type {Coverage, PackageCoverage} from '../model/coverage.js'
import type {ElfFile, Facts, LoaderVerdict} from '../model/facts.js'
import type {ImageConfig} from '../model/image.js'
import type {Codec} from '../model/stored.js'
import type {ImageHead, Seen} from './seen.js'

/** {@link Seen}, and of what, as they are kept between two runs. */
export interface KeptSeen extends Omit<Seen, 'layerOf'> {
  /** null where it is known from elsewhere, each time. */
  readonly image: ImageHead | null
  /** What {@link Seen.layerOf} was asked. */
  readonly layers: ReadonlyMap<string, number | null>
}

type Elsewhere = LoaderVerdict['elsewhere']
type PackedVerdict = Omit<LoaderVerdict, 'elsewhere'> & {
  readonly elsewhere: {readonly [Kind in keyof Elsewhere]: readonly string[]} | null
}
type PackedElf = Omit<ElfFile, 'musl'> & {readonly musl: PackedVerdict | null}
type Pairs = readonly (readonly [string, string])[]
type PackedImage = Omit<ImageHead, 'config' | 'annotations'> & {
  readonly config: (Omit<ImageConfig, 'labels'> & {readonly labels: Pairs}) | null
  readonly annotations: Pairs
}

/** What is known of each package, in the order of the packages. */
type PackedCoverage = Omit<Coverage, 'of'> & {readonly of: readonly (PackageCoverage | null)[]}

interface Packed extends Omit<KeptSeen, 'facts' | 'image' | 'layers'> {
  readonly facts: Omit<Facts, 'elfFiles' | 'coverage'> & {
    readonly elfFiles: readonly PackedElf[]
    readonly coverage: PackedCoverage | null
  }
  readonly image: PackedImage | null
  readonly layers: readonly (readonly [string, number | null])[]
}

/** The parts of a type that JSON would lose: a map or a set in there needs a line below. */
type Lost<T> = T extends string | number | boolean | null | undefined
  ? never
  : T extends readonly (infer Item)[]
    ? Lost<Item>
    : T extends
          | ReadonlyMap<unknown, unknown>
          | ReadonlySet<unknown>
          | Uint8Array
          | bigint
          | ((...args: never[]) => unknown)
      ? T
      : {[Key in keyof T]-?: Lost<T[Key]>}[keyof T]

type Nothing<T extends never> = T
/** Does not compile where {@link Packed} has such a part. */
export type NothingIsLost = Nothing<Lost<Packed>>

const nowhere: Elsewhere = {libraries: new Set(), symbols: new Set()}

export const seenCodec: Codec<KeptSeen> = {
  pack({facts, image, layers, readWarnings, factWarnings}): Packed {
    return {
      facts: {
        ...facts,
        elfFiles: facts.elfFiles.map(packElf),
        coverage: facts.coverage && packCoverage(facts.coverage, facts.packages),
      },
      image: image && packImage(image),
      layers: [...layers],
      readWarnings,
      factWarnings,
    }
  },
  unpack(packed) {
    const {facts, image, layers, readWarnings, factWarnings} = packed as Packed
    return {
      facts: {
        ...facts,
        elfFiles: facts.elfFiles.map(unpackElf),
        coverage: facts.coverage && unpackCoverage(facts.coverage, facts.packages),
      },
      image: image && unpackImage(image),
      layers: new Map(layers),
      readWarnings,
      factWarnings,
    }
  },
}

function packImage({config, annotations, ...plain}: ImageHead): PackedImage {
  return {...plain, config: config && {...config, labels: [...config.labels]}, annotations: [...annotations]}
}

function unpackImage({config, annotations, ...plain}: PackedImage): ImageHead {
  return {...plain, config: config && {...config, labels: new Map(config.labels)}, annotations: new Map(annotations)}
}

function packCoverage({of, ...counts}: Coverage, packages: Facts['packages']): PackedCoverage {
  return {...counts, of: packages.map(one => of.get(one) ?? null)}
}

function unpackCoverage({of, ...counts}: PackedCoverage, packages: Facts['packages']): Coverage {
  return {...counts, of: new Map(packages.flatMap((one, index) => (of[index] ? [[one, of[index]]] : [])))}
}

function packElf(file: ElfFile): PackedElf {
  const {musl} = file
  if (musl === null) return {...file, musl}
  const {libraries, symbols} = musl.elsewhere
  const isNowhere = libraries.size === 0 && symbols.size === 0
  return {...file, musl: {...musl, elsewhere: isNowhere ? null : {libraries: [...libraries], symbols: [...symbols]}}}
}

function unpackElf(file: PackedElf): ElfFile {
  const {musl} = file
  if (musl === null) return {...file, musl}
  const elsewhere = musl.elsewhere && {
    libraries: new Set(musl.elsewhere.libraries),
    symbols: new Set(musl.elsewhere.symbols),
  }
  return {...file, musl: {...musl, elsewhere: elsewhere ?? nowhere}}
}
