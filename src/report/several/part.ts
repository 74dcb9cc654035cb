import type {RenderOptions} from '../../model/report.js'
import type {Severity} from '../../model/severity.js'

/** What became of one of several targets. Its report is kept as text: hundreds of whole ones do not fit into memory. */
export type Part = {
  /** As the person wrote it. */
  readonly target: string
} & (
  | {
      readonly kind: 'scanned'
      /** The report of this target alone, in the format that is joined. */
      readonly text: string
      readonly counts: Readonly<Record<Severity, number>>
      readonly complete: boolean
    }
  | {readonly kind: 'failed'; readonly code: string | null; readonly message: string; readonly hint: string | null}
  /** A file beside the images in a folder, which is nothing that piton opens. */
  | {readonly kind: 'passed over'; readonly message: string}
)

export type Scanned = Extract<Part, {kind: 'scanned'}>
export type Failed = Extract<Part, {kind: 'failed'}>

/** Makes one report of those of several targets. */
export interface Joiner {
  /** Of the format. */
  readonly name: string
  /** How many targets fit into one report. */
  readonly most?: number
  join(parts: readonly Part[], options: RenderOptions): string
}

/** Kinds of part, in order. */
export function partsOf(parts: readonly Part[]) {
  return {
    scanned: parts.filter((part): part is Scanned => part.kind === 'scanned'),
    failed: parts.filter((part): part is Failed => part.kind === 'failed'),
    passedOver: parts.filter(({kind}) => kind === 'passed over'),
  }
}
