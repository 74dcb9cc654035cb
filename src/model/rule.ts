import type {CvssRating, Epss, Ground, Offer} from './advisory.js'
import type {Hardening} from './elf.js'
import type {Facts} from './facts.js'
import type {Severity} from './severity.js'

export const families = ['vulnerability', 'hardening', 'musl', 'image'] as const
export type Family = (typeof families)[number]

/** Names that `--check` and `--skip` take, and the family of each. */
export const checks = {
  vulnerabilities: 'vulnerability',
  hardening: 'hardening',
  musl: 'musl',
  image: 'image',
  integrity: 'image',
} as const satisfies Record<string, Family>
export type CheckName = keyof typeof checks

/** Checks that cost so much that only who asks for them gets them. */
export type OptionalCheck = 'integrity'

/** What to do about a finding. */
export interface Remedy {
  readonly text: string
  /** To paste into a shell or a Dockerfile; null where there is no single command. */
  readonly command: string | null
}

/** What a vulnerability finding says beyond what every finding says. */
export interface VulnerabilityDetails {
  readonly fixedVersion: string
  readonly aliases: readonly string[]
  readonly cvss: readonly CvssRating[]
  readonly kev: boolean
  readonly epss: Epss | null
  /** What it rests on, one for each branch that was asked. */
  readonly grounds: readonly Ground[]
  readonly offer: Offer | null
}

/** A finding as a rule states it; the pipeline adds what every finding has. */
export interface Draft {
  /** The advisory's id, for vulnerabilities; else the rule's own. */
  readonly rule?: string
  /** Where it differs from the rule's default. */
  readonly severity?: Severity
  /** The rule that makes this finding worse than the rule's default: `PT2009`. */
  readonly raisedBy?: string
  readonly title?: string
  /** What is wrong, why it matters; one line. */
  readonly message: string
  /** What the claim rests on. */
  readonly evidence: string
  /** Without a layer, it is the one that last wrote the path; null: of none. */
  readonly at: {
    readonly path: string
    readonly line?: number
    readonly layer?: number | null
    /** Of packages that several layers brought, all of them. */
    readonly layers?: readonly number[]
  }
  readonly origin?: string
  readonly packages?: readonly {readonly name: string; readonly version: string}[]
  /** Symbols or libraries that it is about. */
  readonly names?: readonly string[]
  readonly fix: Remedy
  readonly vulnerability?: VulnerabilityDetails
  /**
   * What tells this finding from others of its rule, and stays when versions, lines or layers change: the origin
   * package, the path in the image, a symbol.
   */
  readonly identity: readonly string[]
}

/** Commands that ask rules. */
export type Command = 'scan' | 'audit'

/** One rule: id, words, severity, check. Sees facts; never files, network, clock or console. */
export interface Rule {
  readonly id: string
  /** PascalCase, under 255 characters. */
  readonly name: string
  readonly title: string
  readonly severity: Severity
  readonly family: Family
  /** Runs only where this check is asked for; else with its family. */
  readonly partOf?: OptionalCheck
  /** The check of an ELF file that it rests on, where it is about one. */
  readonly property?: keyof Hardening
  /** The only command that asks it; without this, every one does. */
  readonly onlyIn?: Command
  readonly help: {readonly why: string; readonly fix: string; readonly links: readonly string[]}
  check(facts: Facts): Iterable<Draft>
}
