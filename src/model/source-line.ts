/** A place in a file of the repository, as SARIF counts: lines and columns from 1, in UTF-16 units, the end column exclusive. */
export interface Location {
  /** Relative to the repository's root, with slashes. */
  readonly file: string
  readonly startLine: number
  readonly startColumn: number
  readonly endLine: number
  readonly endColumn: number
  /** The lines, as they stand in the file. */
  readonly snippet: string
}

/**
 * `exact`: the instruction's text is what made the layer. `likely`: it was edited, or history keeps only a part of it,
 * and nothing else comes near. `base`: of the base image. `unknown`: none of these is certain.
 */
export type Confidence = 'exact' | 'likely' | 'base' | 'unknown'

/** The line of a Dockerfile that brought something into the image; the FROM of the base image where that is not certain. */
export interface SourceLine extends Location {
  readonly confidence: Confidence
  /** The stage or image behind a `COPY --from`. */
  readonly copiedFrom: string | null
}

/** The image below an image's own layers. */
export interface BaseImage {
  /** As FROM or the image itself names it. */
  readonly name: string
  /** What tells it. */
  readonly from: 'dockerfile' | 'annotation' | 'label' | 'history'
}
