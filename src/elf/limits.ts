const KiB = 1024
const MiB = 1024 * KiB

/** Bounds on what one ELF file may cost, with their reasons. Reaching one is a warning and an unknown verdict. */
export const elfLimits = {
  /** Program headers: programs have under 20; core files one for each mapping, at most 65,530 of those by default. */
  segments: 100_000,
  /** Section headers: objects built with a section for each function reach 100,000. */
  sections: 300_000,
  /** Entries of the dynamic section: the largest real ones have about 300, nearly all DT_NEEDED. */
  dynamicEntries: 16_384,
  /** One table read at once: symbols, strings, hash. The largest shared libraries have 10 MiB of names. */
  tableBytes: 96 * MiB,
  /** Dynamic symbols, and pairs of symbol and relocation type: the largest browsers and compilers have 100,000. */
  symbols: 1_000_000,
  /** Different relocation types: a psABI has under 256; mips64 packs three into one number. */
  relocationTypes: 1_024,
  /** A name: PATH_MAX of Linux is 4,096; run paths of Nix and Spack are lists of paths. */
  nameBytes: 64 * KiB,
  /** A section's name: real ones hold one mangled symbol. */
  sectionNameBytes: 4 * KiB,
  /** Records of DT_VERNEED and DT_VERDEF: an index has 15 bits. */
  versions: 65_536,
  /** All notes of one kind of table. */
  noteBytes: 1 * MiB,
  noteCount: 10_000,
  /** `.comment`: one line for each compiler. */
  commentBytes: 64 * KiB,
  /** Machine code of a static file that is searched for the stack protector: 64 MiB take 0.2 s. */
  staticCodeBytes: 64 * MiB,
  /** The same of one whose symbols already say that there is none: where a compiler adds guards, 4 MiB hold thousands. */
  dynamicCodeBytes: 4 * MiB,
  /** `.eh_frame`: the largest browsers have 20 MiB. */
  unwindBytes: 64 * MiB,
  /** FDEs, one for each function: the largest browsers have 700,000. */
  unwindEntries: 2_000_000,
  /** Letters of a CIE's augmentation: real ones have at most 6. */
  augmentationBytes: 16,
  /** Text that is searched for the words of a runtime. */
  dataBytes: 16 * MiB,
} as const
