import type {PurlParts} from '../../model/purl.js'

export const vexStatuses = ['not_affected', 'fixed', 'under_investigation', 'affected'] as const
/** From what takes a finding out to what keeps it: of two that contradict at the same time the later one counts. */
export type VexStatus = (typeof vexStatuses)[number]

/** Something that a statement is about: an image, or a package. What nobody could read is none of them. */
export interface VexProduct {
  /** As it is written, for messages. */
  readonly label: string
  readonly purl: Required<PurlParts> | null
  /** Names of an image, where there is no purl. */
  readonly names: readonly string[]
  /** `sha256:…` of the image. */
  readonly digests: readonly string[]
  /** Of an image, the packages that are meant; empty: all. */
  readonly subcomponents: readonly Required<PurlParts>[]
  /** Does only the name of the image count, so that the next build of it is meant as well? */
  readonly anyVersion: boolean
}

/** "This vulnerability does, or does not, concern these products." */
export interface VexStatement {
  /** The vulnerability, as it is written … */
  readonly id: string
  /** … and by its other names. */
  readonly aliases: readonly string[]
  readonly products: readonly VexProduct[]
  readonly status: VexStatus
  readonly justification: string | null
  /** In the words of who wrote it; null where there are none. */
  readonly reason: string | null
  /** When it was last true, in milliseconds since 1970; null where it does not say. */
  readonly time: number | null
  /** Where it stands: the words that all of a document share, and its number there. */
  readonly from: string
  readonly number: number
}

/** `vex.json, statement 3`: made where it is said, as a document may have 500,000. */
export function placeOf({from, number}: Pick<VexStatement, 'from' | 'number'>): string {
  return `${from} ${number}`
}

/** Where there is nothing in a list: one for all, as a document may have a million of them. */
export const none: readonly never[] = []

/** A document with statements. */
export interface VexDocument {
  /** As a person names it. */
  readonly name: string
  readonly format: 'OpenVEX' | 'CycloneDX'
  readonly author: string | null
  readonly statements: readonly VexStatement[]
  /** Statements that could not be understood, in words. */
  readonly problems: readonly string[]
  /** `sha256:…` of what an attestation around it is about; null where there is none. */
  readonly subjects: readonly string[] | null
  /** Does nobody vouch for it: found with the image, with signatures that were not checked? */
  readonly unverified?: boolean
}

/** `2024-05-01T12:00:00Z` as milliseconds since 1970; null for anything else. */
export function timeOf(...values: readonly unknown[]): number | null {
  for (const value of values) {
    const time = typeof value === 'string' ? Date.parse(value) : Number.NaN
    if (!Number.isNaN(time)) return time
  }
  return null
}
