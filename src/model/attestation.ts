import type {Digest} from './digest.js'
import type {Warning} from './warning.js'

/** A document that somebody stored beside an image, as it is: of what kind it is, and whether it is right, is not known. */
export interface Attestation {
  /** For messages: `attestation sha256:0123456789ab of registry.example/app:1.0`. */
  readonly name: string
  readonly bytes: Uint8Array
}

/** What is stored beside an image. */
export interface Attestations {
  readonly documents: readonly Attestation[]
  /** The digests that name the image: of its manifest, and of the index that it was found in. */
  readonly about: readonly Digest[]
  /** What could not be read, in words. */
  readonly warnings: readonly Warning[]
}

/** Does the predicate of an in-toto statement speak of vulnerabilities in a way that piton reads: OpenVEX, CycloneDX? */
export function isVexPredicate(predicateType: string): boolean {
  return /^https?:\/\/(?:openvex\.dev\/ns|cyclonedx\.org\/(?:bom|vex|schema))(?:[/@]|$)/.test(predicateType)
}
