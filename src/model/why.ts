import type {Distribution} from './distribution.js'
import type {InstalledPackage} from './package.js'
import type {Finding, FindingLayer} from './report.js'
import type {SourceLine} from './source-line.js'

/** One link of a chain of dependencies: a package, and the name by which the one before needs it. */
export interface ChainLink {
  readonly package: string
  /** `so:libssl.so.3`; null for the first, which the world file asks for. */
  readonly as: string | null
}

/** A program or library that needs a library. */
export interface LinkedBy {
  readonly path: string
  readonly package: string | null
  /** The file that it gets. */
  readonly library: string
  /** Does it name the library itself, or does another library that it needs? */
  readonly direct: boolean
}

/** Why something is in an image: one package, or one file that belongs to none. */
export interface Why {
  /** null for a file that no package of apk owns. */
  readonly package: InstalledPackage | null
  /** Of a file that another manager's package owns: the name of that, and the manager. */
  readonly foreignPackage: {readonly name: string; readonly manager: Distribution['manager']} | null
  /** Files that the answer is about: the one that was asked for, or those of the package that can be loaded. */
  readonly files: readonly string[]
  /** The entry of the world file that asks for it; null where none does. */
  readonly world: string | null
  /** The shortest ways from the world file to it; none where nothing needs it. */
  readonly chains: readonly (readonly ChainLink[])[]
  /** Packages that need it themselves. */
  readonly neededBy: readonly {readonly package: string; readonly as: string}[]
  /** Packages for which apk installs it, because all of them are there (`install_if`); null where that is not why. */
  readonly installedFor: readonly string[] | null
  readonly linkedBy: readonly LinkedBy[]
  /** Scripts whose first line starts it, by path. */
  readonly scripts: readonly string[]
  /** The layer that brought it in; null where nothing tells. */
  readonly layer: FindingLayer | null
  readonly dockerfile: SourceLine | null
  /** Does what the image starts load it? null where that cannot be told. */
  readonly loaded: boolean | null
  /** From the program that the image starts to the file, as far as one names the next. */
  readonly loadedThrough: readonly string[]
  /** About it, worst first. */
  readonly findings: readonly Finding[]
}

/** The answer to `piton why`. */
export interface WhyAnswer {
  readonly asked: string
  readonly meant: 'package' | 'file' | 'library'
  /** Several where several have the name. */
  readonly whys: readonly Why[]
}
