/** Something that piton could not look at, or that is odd enough to say. It reaches every report. */
export interface Warning {
  /** Stable, for machines: `TAR_BAD_HEADER`. */
  readonly code: string
  /** In words, with the input's name; raw text, each report escapes it for its medium. */
  readonly message: string
  /** Path in the image, no leading slash. */
  readonly path?: string
  /** Index of the layer. */
  readonly layer?: number
  /** Could what was not seen hide a finding? Then the report is not complete. */
  readonly hides?: boolean
}

/** Takes a warning on its way to the reports. */
export type Warn = (warning: Warning) => void
