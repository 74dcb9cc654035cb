import {coverages} from '../model/coverage.js'
import type {Report} from '../model/report.js'
import {count, grouped} from '../model/text.js'

/**
 * How far "no findings" reaches: `advisories name 7 of 15 packages, with 14 of 17 ELF files; none cover 1 package and 2
 * files; of 6 packages nothing tells`. Null where no advisories were asked, or there is nothing that they could cover.
 */
export function coverageText({coverage, database}: Report): string | null {
  if (coverage === null || database === null || database.branch === null) return null
  const {packages, files} = coverage
  const total = coverages.reduce((sum, kind) => sum + packages[kind], 0)
  if (total === 0) return null
  const allFiles = coverages.reduce((sum, kind) => sum + files[kind], files.unowned)
  const uncoveredFiles = files.uncovered + files.unowned
  const none = [
    ...(packages.uncovered > 0 ? [count(packages.uncovered, 'package')] : []),
    ...(uncoveredFiles > 0 ? [count(uncoveredFiles, 'file')] : []),
  ].join(' and ')
  return [
    `advisories name ${grouped(packages.named)} of ${count(total, 'package')}`,
    ...(allFiles > 0 ? [`, with ${grouped(files.named)} of ${count(allFiles, 'ELF file')}`] : []),
    ...(none === '' ? [] : [`; none cover ${none}`]),
    ...(packages.unknown > 0 ? [`; of ${count(packages.unknown, 'package')} nothing tells`] : []),
  ].join('')
}
