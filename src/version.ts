declare const PITON_VERSION: string | undefined

/** Of the package; the build writes it in, the sources go by `dev`. */
export const version: string = typeof PITON_VERSION === 'string' ? PITON_VERSION : 'dev'

declare const PITON_BUILD: string | undefined

/** Differs between any two builds from other sources; null where the sources run as they are, which may change any moment. */
export const build: string | null = typeof PITON_BUILD === 'string' ? PITON_BUILD : null
