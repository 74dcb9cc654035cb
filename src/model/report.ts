import type {CvssRating, Epss, Ground, Offer, OtherBranch, Rejection} from './advisory.js'
import type {Audit} from './audit.js'
import type {Coverage} from './coverage.js'
import type {DiffID, Digest} from './digest.js'
import type {ElfFile} from './facts.js'
import type {TargetKind} from './image.js'
import type {Loaded} from './loaded.js'
import type {InstalledPackage} from './package.js'
import type {Family, Remedy, Rule} from './rule.js'
import type {Severity} from './severity.js'
import type {BaseImage, SourceLine} from './source-line.js'
import type {Warning} from './warning.js'

/** Why a finding does not count, though it is true. */
export interface Suppression {
  readonly by: SuppressedBy
  /** As the person who decided it wrote it. */
  readonly reason: string
  /** The last day that it holds, YYYY-MM-DD; null where it has none. */
  readonly expires: string | null
  /** `component_not_present` and its like, where a VEX statement or the person says so. */
  readonly justification: string | null
  /** Where it is written: `.piton.yaml:12`, `app.vex.json`. */
  readonly from: string
}

export const suppressors = ['ignore', 'vex', 'baseline'] as const
export type SuppressedBy = (typeof suppressors)[number]

/** How a finding stands to an earlier report, in the words of SARIF; `absent` only in a comparison. */
export type BaselineState = 'new' | 'unchanged' | 'updated' | 'absent'

/** A finding, complete. PRODUCT.md "The JSON report" names its fields. */
export interface Finding {
  /** 16 hexadecimal digits and `:n`; stays when versions, line numbers or layer digests change. */
  readonly fingerprint: string
  readonly rule: string
  /** The rule module behind it: PT…, or `vulnerability`. */
  readonly ruleID: string
  readonly family: Family
  readonly severity: Severity
  /** What the rule says, where the configuration says otherwise; else null. */
  readonly ownSeverity: Severity | null
  /** The rule that made it worse than its own rule says: `PT2009`; else null. */
  readonly raisedBy: string | null
  readonly title: string
  readonly message: string
  readonly evidence: string
  readonly origin: string | null
  readonly packages: readonly {readonly name: string; readonly version: string}[]
  readonly fixedVersion: string | null
  readonly aliases: readonly string[]
  /** Symbols or libraries that it is about, sorted. */
  readonly names: readonly string[]
  readonly cvss: readonly CvssRating[]
  readonly kev: boolean
  readonly epss: Epss | null
  /** What a vulnerability rests on, one for each branch that was asked; none for anything else. */
  readonly grounds: readonly Ground[]
  /** What the repositories have of what would fix it; null where nothing tells. */
  readonly offer: Offer | null
  readonly path: string
  readonly line: number | null
  readonly layer: FindingLayer | null
  /** The line that brought it in; null where there is no Dockerfile. */
  readonly dockerfile: SourceLine | null
  /** Does what the image starts load it? null where that cannot be told. */
  readonly loaded: boolean | null
  readonly suppressed: Suppression | null
  /** null where there is no baseline. */
  readonly baselineState: BaselineState | null
  readonly fix: Remedy
}

export interface FindingLayer {
  readonly index: number
  readonly diffID: DiffID | null
  readonly createdBy: string | null
  /** Did the base image bring it? null where that cannot be told, or both it and a layer on top of it did. */
  readonly base: boolean | null
}

export interface ReportLayer {
  readonly diffID: DiffID | null
  readonly createdBy: string | null
  /** Did it come with the base image? null where that cannot be told. */
  readonly base: boolean | null
  readonly verified: boolean
}

/** What every reporter is given: one scan of one target. */
export interface Report {
  readonly tool: {readonly name: 'piton'; readonly version: string}
  readonly target: {
    readonly reference: string
    readonly kind: TargetKind
    readonly name: string | null
    readonly platform: string | null
    readonly imageID: Digest | null
    readonly manifestDigest: Digest | null
    readonly layers: readonly ReportLayer[]
    readonly base: BaseImage | null
  }
  readonly release: {
    readonly id: string
    readonly version: string
    readonly branch: string | null
    readonly prettyName: string
    readonly endOfLife: string | null
    /** When the next release came out, from which on the community repository is not kept up; null: it is, or is not used. */
    readonly communityEnd: string | null
    /** Newest patch release of the branch. */
    readonly latest: string | null
    readonly musl: string | null
  } | null
  readonly database: {
    readonly date: string
    readonly branch: string | null
    /** What told the branch, or why there is none. */
    readonly reason: string
    readonly advisories: number
    readonly location: string
    /** Branches that packages come from besides the target's own, and were held against too. */
    readonly others: readonly OtherBranch[]
  } | null
  /** What the advisories can say of each package; null where none were asked. */
  readonly coverage: Coverage | null
  readonly today: string
  /** What the image loads when it is started; null where nothing says what to start. */
  readonly loaded: Loaded | null
  /** What becomes of the files on another Alpine; null where nobody asked. */
  readonly audit: Audit | null
  /** false where something that could hide a finding was not seen. */
  readonly complete: boolean
  readonly warnings: readonly Warning[]
  readonly packages: readonly InstalledPackage[]
  /** Every ELF file, by path. */
  readonly files: readonly ElfFile[]
  /** Worst first, then by rule id and origin or path. */
  readonly findings: readonly Finding[]
  /** Findings that do not count, in the same order: each says why. */
  readonly suppressed: readonly Finding[]
  /** The report that this one was held against; null where nobody gave one. */
  readonly baseline: {
    readonly name: string
    /** Findings that it knows, and that are still there. */
    readonly known: number
    /** Its findings that are gone. */
    readonly gone: number
  } | null
  /** Where findings stand in the repository that no line of a Dockerfile explains; null where nobody said. */
  readonly fallbackLocation: {readonly file: string; readonly line: number} | null
  /** What the advisories say does not affect a package that is installed; by origin, then id. */
  readonly rejected: readonly Rejection[]
  /** Findings that `--severity` left out, by severity. */
  readonly hidden: Readonly<Record<Severity, number>>
  /** The rules behind the findings, and their words. */
  readonly rules: readonly Rule[]
  /** What removes most, worst first: the one or two commands to begin with. */
  readonly advice: readonly {
    readonly command: string
    readonly text: string
    readonly fixes: number
    /** Is that only an upper bound? */
    readonly atMost: boolean
  }[]
  /** What is to be said of the absence of findings, where an earlier report says it: else it is made of the above. */
  readonly notice?: readonly string[]
}

/** One output format of a document. */
export interface Format<Document> {
  readonly name: string
  /** What it is for, one line of `--help`. */
  readonly description: string
  render(document: Document, options: RenderOptions): string | Promise<string>
  /** The same text in pieces, each made when it is asked for: where the whole can have 100 MB. */
  pieces?(document: Document, options: RenderOptions): Iterable<string> | Promise<Iterable<string>>
  /** What who asked for this format should be told besides, in sentences. */
  notes?(document: Document): readonly string[]
}

/** One output format of a scan. */
export type Reporter = Format<Report>

export interface RenderOptions {
  /** Colours and links allowed? */
  readonly color: boolean
  /** Columns of the terminal; for files, 100. */
  readonly width: number
  /** May names of vulnerabilities and rules be links to their pages? */
  readonly links?: boolean
  /** List what does not count, and why? */
  readonly suppressed?: boolean
  /** Say under each finding what it rests on, and why it matters? */
  readonly explain?: boolean
}
