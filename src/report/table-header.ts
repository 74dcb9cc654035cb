import type {TargetKind} from '../model/image.js'
import type {Report} from '../model/report.js'
import {count, grouped, shorten, visible} from '../model/text.js'
import {type Canvas, labelled, prose} from './canvas.js'

const labels = {image: 'image', rootfs: 'files', elf: 'file'} as const satisfies Record<TargetKind, string>

/** What was scanned, and with what. */
export function headerLines(report: Report, canvas: Canvas): string[] {
  const {tool, target, complete} = report
  const lines = [
    canvas.style.bold(`${tool.name} ${tool.version}: ${visible(shorten(target.reference, 300))}`),
    '',
    ...labelled([[labels[target.kind], targetOf(report)], ...(target.kind === 'elf' ? [] : systemOf(report))], canvas),
  ]
  if (complete) return lines
  const text = 'Parts of the target could not be looked at, and may hold more findings: see the warnings below.'
  return [...lines, '', canvas.style.alarm('INCOMPLETE SCAN'), ...prose(text, canvas)]
}

/** What there is to say of a whole system. */
function systemOf(report: Report): [label: string, value: string][] {
  return [
    ['release', releaseOf(report)],
    ['contents', `${count(report.packages.length, 'package')}, ${count(report.files.length, 'ELF file')}`],
    ['advisories', databaseOf(report)],
  ]
}

function targetOf({target}: Report): string | null {
  const parts = [
    target.name,
    target.platform,
    target.kind === 'image' ? count(target.layers.length, 'layer') : null,
    target.imageID && `id ${target.imageID.slice(target.imageID.indexOf(':') + 1).slice(0, 12)}`,
  ].filter(part => part !== null)
  return parts.length === 0 ? null : visible(parts.join(', '))
}

function releaseOf({release, today}: Report): string {
  if (release === null) return 'unknown: there is no os-release or alpine-release'
  const {id, version, branch, prettyName, latest, endOfLife} = release
  const parts = [id === 'alpine' && version !== '' ? `Alpine ${version}` : prettyName || id || 'unknown']
  if (branch !== null && !`v${version}`.startsWith(`${branch}.`)) parts.push(`branch ${branch}`)
  if (latest !== null && latest !== version) parts.push(`newest is ${latest}`)
  if (endOfLife !== null) parts.push(`${today > endOfLife ? 'no fixes since' : 'fixes until'} ${endOfLife}`)
  return visible(parts.join('; '))
}

function databaseOf({database}: Report): string {
  if (database === null) return 'none used'
  if (database.branch === null) return `none for this target in the database of ${database.date}`
  return `${grouped(database.advisories)} for ${database.branch}, of ${database.date}`
}
