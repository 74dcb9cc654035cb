import {type NetLimits, netLimits} from '../model/limits.js'

const KiB = 1024
const MiB = 1024 * KiB

/** What the feeds may cost, with the reasons; see `limits.ts` of the model. */
export const feedLimits = {
  /** A page that lists branches: that of the secdb has 4 kB. */
  listingBytes: 1 * MiB,
  /** One line with a date. */
  stampBytes: 4 * KiB,
  /** One repository of the secdb: community of edge has 350 kB; all of Wolfi in one document 15 MB. */
  advisoryBytes: 64 * MiB,
  /** An archive of two lists of rejected ids, and each of these lists: 100 kB would be many. */
  rejectionBytes: 8 * MiB,
  /** All of that archive, inflated. */
  rejectionInflatedBytes: 64 * MiB,
  /** CISA's whole catalogue has 1.6 MB. */
  kevBytes: 32 * MiB,
  /** The whole EPSS table has 2 MB, 10 MB inflated. */
  epssBytes: 128 * MiB,
  /** Every release of Alpine with its notes: 100 kB. */
  releasesBytes: 8 * MiB,
  /** Index of one repository, compressed: community has 2.5 MB. */
  packageIndexBytes: 32 * MiB,
  /** One vulnerability: records of the kernel have 100 kB, those that list every version of a package some MB. */
  recordBytes: 16 * MiB,
  /** A year of NVD has 25 MB, OSV's archive of Alpine about as much. */
  bulkBytes: 256 * MiB,
  /** A year of NVD, inflated: 250 MB and growing. */
  bulkInflatedBytes: 2048 * MiB,
  /** Bytes at the start of a document that tell whether it is one: JSON may begin with blanks, but not with this many. */
  headBytes: 4 * KiB,
  /** Documents that are asked for at the same time: fast enough for all the secdb in a second, and polite. */
  atOnce: 6,
  /** Records that are asked for one by one in one update: a service that is asked for more is the wrong one. */
  records: 1_000,
  /** What NVD allows: 5 requests in 30 seconds without a key, 50 with one. */
  nvdPaceMs: 6_000,
  nvdKeyPaceMs: 600,
  /** Ids that NVD's API is asked for in one update: two minutes at its pace, either way. */
  nvdRecords: 20,
  nvdKeyRecords: 200,
  /** One document with all its tries, resumes and pauses. */
  documentMs: 300_000,
  /** The whole update. */
  updateMs: 1_200_000,
  /** Hours for which it is believed that there is no such document: a branch may get its community repository. */
  absentHours: 24,
  /** A list of branches has 24; one of thousands is not a list of branches. */
  branches: 200,
} as const

/** Of connections to feeds: there are many of them, and a service that does not answer at once has an older copy here. */
export const feedNetLimits: NetLimits = {...netLimits, headMs: 15_000, attempts: 3, longestRetryAfterMs: 30_000}
