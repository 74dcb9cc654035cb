import type {ElfFile} from '../model/facts.js'
import type {Finding, Format} from '../model/report.js'
import {elfTable} from './elf-table.js'
import {fileDocument} from './json-file.js'
import {safeJSON} from './safe-json.js'

/** What `piton elf` found in the paths that it was given. */
export interface ElfListing {
  readonly files: readonly ElfFile[]
  /** Of the hardening rules, worst first. */
  readonly findings: readonly Finding[]
  /** Files that were looked at: ELF or not. */
  readonly lookedAt: number
}

const elfJSON: Format<ElfListing> = {
  name: 'json',
  description: 'everything piton knows, for programs',
  render: ({files}) => safeJSON({schemaVersion: 1, files: files.map(fileDocument)}),
}

/** Every output format of `piton elf`, by the name that `--output` takes. */
export const elfFormats: ReadonlyMap<string, Format<ElfListing>> = new Map(
  [elfTable, elfJSON].map(format => [format.name, format]),
)
