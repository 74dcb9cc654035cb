/** The first three numbers of a version: 1.2.4 of `1.2.4_git20230717-r4`. */
export type MuslVersion = readonly [major: number, minor: number, patch: number]

/** The version that a package or musl itself states; null where it does not begin with three numbers. */
export function parseMuslVersion(text: string): MuslVersion | null {
  const [, major, minor, patch] = /^v?(\d{1,4})\.(\d{1,4})\.(\d{1,4})(?!\d)/.exec(text) ?? []
  return patch === undefined ? null : [Number(major), Number(minor), Number(patch)]
}

/** Negative, 0 or positive as `a` is older than, the same as or newer than `b`. */
export function compareMuslVersions(a: MuslVersion, b: MuslVersion): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2]
}

/** What a musl of one version does in its own way. */
export interface LoaderFeatures {
  /** DT_RELR is processed; before, it is ignored without a word. */
  readonly relr: boolean
  /** Longest `name64` that is looked up as `name`; 0 while musl exported these names. */
  readonly longestLfs64: number
  /** Any beginning of `pthread`, `rt` … means musl, `libp.so` among them. */
  readonly reservesPrefixes: boolean
  /** A second C library, musl's own or another, is dropped. */
  readonly dropsSecondLibc: boolean
  /** dlopen with RTLD_LAZY puts off what only calls need. */
  readonly postpones: boolean
  /** Relocations by section symbols alone, instead of by all local ones, need no lookup. */
  readonly looksUpLocals: boolean
  /** Machines whose TLS descriptors are known. */
  readonly tlsDescriptors: {readonly arm: boolean; readonly riscv64: boolean}
}

export function featuresOf(version: MuslVersion): LoaderFeatures {
  const since = (...first: MuslVersion) => compareMuslVersions(version, first) >= 0
  return {
    relr: since(1, 2, 4),
    longestLfs64: since(1, 2, 6) ? Number.POSITIVE_INFINITY : since(1, 2, 4) ? 16 : 0,
    reservesPrefixes: !since(1, 1, 16),
    dropsSecondLibc: since(1, 1, 17),
    postpones: since(1, 1, 17),
    looksUpLocals: !since(1, 1, 24),
    tlsDescriptors: {arm: since(1, 1, 21), riscv64: since(1, 2, 5)},
  }
}
