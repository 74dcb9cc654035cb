const KiB = 1024
const MiB = 1024 * KiB
const GiB = 1024 * MiB

/**
 * Every bound on what a stranger's bytes may cost, with its reason. Reaching one is an error or a warning that names it,
 * never a quiet skip.
 */
export const limits = {
  /** Manifests, indexes and configurations: real ones are under 100 kB; registries refuse more than 4 MiB. */
  jsonBytes: 16 * MiB,
  /** Nesting of a JSON document: image documents need 6; parsers recurse. */
  jsonDepth: 64,
  /** Index in index in index: buildkit makes two. */
  indexDepth: 8,
  /** Manifests in one index: every platform of Go and Linux together is under 100. */
  manifestsPerIndex: 1_000,
  /** Manifests that all indexes of one image name together: an index may name another a thousand times over. */
  manifestsPerImage: 10_000,
  /** Pages of the list of what refers to an image: registries give some hundred entries at once. */
  referrerPages: 20,
  /** Attestations of one image that are read, and documents in them: a build leaves a handful. */
  attestations: 64,
  /** Layers of one image: Docker stops at 127. */
  layers: 1_000,
  /** Lines of an image's history, and words of its environment and commands: real ones have under 200. */
  configItems: 10_000,
  /** What is kept of one line of the history: a RUN with a long script in it has some kB. */
  historyCharacters: 64 * KiB,
  /** Entries of all layers together: the largest public images have about 500,000. */
  entries: 1_100_000,
  /** Names and link targets of all entries, for each entry that is allowed: real ones take 60 bytes on average. */
  nameBytesPerEntry: 64,
  /** `security.capability` of one file: the kernel knows values of 12, 20 and 24 bytes, and takes no other. */
  capabilityBytes: 24,
  /** What collectors keep of the files of all layers: databases, and 10 kB of each of 20,000 ELF files. */
  foundBytes: 256 * MiB,
  /** PATH_MAX of Linux; longer names cannot be opened on any system that would run the image. */
  pathBytes: 4096,
  /** Directories inside directories: what PATH_MAX allows. */
  pathDepth: 2048,
  /** Symbolic links followed for one path, as Linux does (ELOOP after 40). */
  linkDepth: 40,
  /** PAX header or GNU long name: names are bounded by PATH_MAX, extended attributes by 64 KiB each. */
  tarMetadataBytes: 1 * MiB,
  /** Fragments of one sparse file. */
  sparseFragments: 100_000,
  /** Bytes that one layer may inflate to: the disk of a large build machine. */
  inflatedBytes: 64 * GiB,
  /** Window of a zstd frame: what zstd itself refuses to exceed unless it is told to (ZSTD_WINDOWLOG_LIMIT_DEFAULT). */
  zstdWindowBytes: 128 * MiB,
  /** Members of an archive that can be an image: 500 images of 127 layers in the old `docker save` form have 200,000. */
  archiveMembers: 200_000,
  /** Their names together: those of an image have under 100 bytes each. */
  archiveNameBytes: 24 * MiB,
  /** A compressed archive up to this size is inflated into memory once; a larger one is inflated twice. */
  spoolBytes: 96 * MiB,
  /** A plain archive that comes through a pipe or from an engine stays in memory up to this size … */
  receivedMemoryBytes: 96 * MiB,
  /** … and a compressed one up to this, since what it inflates to is kept beside it. Over it, a file without a name. */
  receivedPackedBytes: 32 * MiB,
  /** All that may come through a pipe or from an engine: as much as one layer may inflate to. */
  receivedBytes: 64 * GiB,
  /** Space of the disk that is left free where a file without a name is written: others need some to go on. */
  diskReserveBytes: 512 * MiB,
  /** What is read after the end of a tar, so that who writes it can finish: tar fills up to 10 KiB, and may be told more. */
  tarPaddingBytes: 16 * MiB,
  /** Bodies that all layers together keep while they stream; over it, layers wait for each other. */
  keptBodiesBytes: 48 * MiB,
  /** How much of one ELF file is kept where its layer streams: node has 100 MB, the largest browsers 250. */
  elfBytes: 256 * MiB,
  /** Small files of an archive that are kept while it is inflated, all together. */
  keptBytes: 64 * MiB,
  /** Inflated bytes for each compressed one, once {@link limits.ratioFreeBytes} are out: real layers stay under 100. */
  inflateRatio: 500,
  /** The same, from which on it is said: real layers inflate 2 to 10 times, their sparsest database perhaps 50 times. */
  oddRatio: 100,
  /** Inflated bytes before the ratio is looked at. */
  ratioFreeBytes: 1 * GiB,
  /** The installed database of apk: 3,000 packages with file lists are 15 MB; 200,000 bare ones 9 MB. */
  apkDatabaseBytes: 64 * MiB,
  /** Packages of one installed database: all of Alpine has 30,000. */
  apkPackages: 210_000,
  /** Packages of one origin that are held against its advisories: the largest of Alpine make 200. */
  packagesPerOrigin: 2_000,
  /** ELF files of a report, each with its verdicts and findings: the largest public images have 20,000. */
  elfFiles: 30_000,
  /** Files that all packages of one database own together: the largest public images have 500,000. */
  apkFiles: 1_000_000,
  /** Their paths, of one database: 500,000 real ones have 35 MB. */
  apkPathBytes: 64 * MiB,
  /** A text or a version in a package's record: the longest descriptions have some 300 bytes. */
  apkFieldBytes: 16 * KiB,
  /** Files with repositories, and signing keys: systems have a handful. */
  apkConfigFiles: 1_000,
  /** Repositories of one system: the most elaborate have some twenty. */
  apkRepositories: 10_000,
  /** Signature, .PKGINFO and scripts of one .apk file: the largest scripts are some 10 kB. */
  apkControlBytes: 4 * MiB,
  /** Dependencies, provides … of one package: linux-firmware and texlive stay under 3,000. */
  apkListItems: 100_000,
  /** One file of an advisory feed: the whole EPSS table is 10 MB, an index of every known CVSS vector 60 MB. */
  feedBytes: 256 * MiB,
  /** Index of one apk repository: that of Alpine's community has 10 MB. */
  packageIndexBytes: 128 * MiB,
  /** dpkg's status file, or the file list of one package: 4,000 packages are 4 MB, linux-headers lists 20,000 files. */
  dpkgFileBytes: 32 * MiB,
  /** package.json, RECORD, deps.json: the largest RECORD (of torch) has 1.5 MB. */
  manifestBytes: 4 * MiB,
  /** How much of one Java archive is kept where its layer streams: its directory is at its end. */
  javaArchiveBytes: 256 * MiB,
  /** Native libraries and nested archives that are inflated out of one Java archive, all together … */
  javaInflatedBytes: 128 * MiB,
  /** … and each of them. */
  javaEntryBytes: 64 * MiB,
  /** Central directory of a zip archive: 100,000 classes are 10 MB. */
  zipDirectoryBytes: 32 * MiB,
  /** os-release, alpine-release, debian_version, repositories, world. */
  smallTextBytes: 1 * MiB,
  /** A list of targets: a thousand references of the greatest length. */
  targetListBytes: 1 * MiB,
  /** Targets of one run: the report of each is kept as text, one of Alpine with 0.5 MB. */
  targets: 1_000,
  /** Findings, packages and files that a table prints in full before it says how many more there are. */
  tableRows: 2_000,
  /** Packages that one finding names: the largest real origins (texlive, qt) make under 200. */
  packagesPerFinding: 500,
  /** Symbols or libraries that one finding names: a plugin built for another program lacks all of that program's. */
  namesPerFinding: 2_000,
  /** Results of one SARIF run: GitHub shows 5,000 and drops the rest in an order of its own. */
  sarifResults: 5_000,
  /** Warnings of one code that are kept; the rest are counted. */
  warningsPerCode: 200,
  /** Answer of a token server: real ones stay under 10 kB, with a token of at most 8 kB for a header. */
  tokenBytes: 256 * KiB,
  /** Body of an error answer that is looked at for its error codes. */
  errorBodyBytes: 64 * KiB,
  /** A file with registry credentials. */
  credentialFileBytes: 4 * MiB,
  /** What a credential helper may print: a name, a secret and a server. */
  helperOutputBytes: 256 * KiB,
  /** PEM file of certificate authorities: all that Mozilla trusts are 200 kB. */
  certificateBytes: 16 * MiB,
} as const

/** Bounds on what the other end of a connection may cost in time and in tries. */
export const netLimits = {
  /** Until a connection stands, TLS included. */
  connectMs: 10_000,
  /** From a request to the whole head of its answer: mirrors fetch from upstream before they answer. */
  headMs: 30_000,
  /** Between two pieces of a body, while piton is ready to take one. */
  idleMs: 30_000,
  /** One document with all its tries and pauses. */
  documentMs: 90_000,
  /** All documents of an image together, credentials and tokens included. */
  documentsMs: 300_000,
  /** All layers of an image together: 64 GiB at 10 MB/s. */
  layersMs: 7_200_000,
  /** A credential helper that asks a remote service, or unlocks a key ring. */
  helperMs: 60_000,
  /** Redirects of one request: registries need one or two. */
  redirects: 5,
  /** Tries of one request that is cut, or answered with 429 or 5xx. */
  attempts: 4,
  /** Times that one layer is taken up again after a cut. */
  resumes: 8,
  /** The pause before a second try; it doubles with each further one. */
  backoffMs: 500,
  /** The longest pause that piton chooses itself. */
  longestBackoffMs: 10_000,
  /** The longest pause that `Retry-After` may ask for: over it the request fails at once, and says so. */
  longestRetryAfterMs: 60_000,
} as const

export type LimitKey = keyof typeof limits | keyof typeof netLimits

/** Sets limits for the whole program; before anything is read, as some are looked at when their module is loaded. */
export function setLimits(changes: {readonly [Key in LimitKey]?: number}): void {
  for (const [key, value] of Object.entries(changes)) Object.assign(key in limits ? limits : netLimits, {[key]: value})
}

/** What is otherwise with an engine on this machine: it thinks before it answers, and is not asked twice. */
export const engineTimes = {
  /** Both write an image to a disk before they send the first byte of it. */
  headMs: 900_000,
  /** Between two layers that are packed as they are sent. */
  idleMs: 300_000,
  attempts: 1,
  redirects: 0,
} as const satisfies Partial<Record<keyof typeof netLimits, number>>

/** {@link netLimits}, or others in a test. */
export type NetLimits = {readonly [Name in keyof typeof netLimits]: number}
