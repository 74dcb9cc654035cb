declare const PITON_VERSION: string | undefined

/** Of the package; the build writes it in, the sources go by `dev`. */
export const version: string = typeof PITON_VERSION === 'string' ? PITON_VERSION : 'dev'
