import type {TargetKind} from '../model/image.js'
import type {Report} from '../model/report.js'
import {count, grouped, shorten} from '../model/text.js'
import {coverageText} from './coverage.js'
import {startedText} from './started.js'

const targetLabels = {image: 'Image', rootfs: 'Files', elf: 'File', apk: 'Package'} as const satisfies Record<
  TargetKind,
  string
>

/**
 * What was scanned, and with what: labels, and values of raw text.
 * @param named say the target's name too, where no title does
 */
export function aboutOf(report: Report, named = false): readonly (readonly [label: string, value: string])[] {
  const {kind} = report.target
  const target = [named ? nameOf(report) : null, targetOf(report)].filter(part => part !== null).join(', ') || null
  const rows: readonly (readonly [string, string | null])[] = [
    [targetLabels[kind], target],
    ['Base', baseOf(report)],
    ...(kind === 'elf' ? [] : systemOf(report)),
  ]
  return rows.flatMap(([label, value]) => (value === null ? [] : [[label, shorten(value, 300)] as const]))
}

/** Of a package the version too: of an image it is part of the name. */
function nameOf({target: {kind, name}, packages: [first]}: Report): string | null {
  return kind === 'apk' && first !== undefined ? `${first.name}-${first.version}` : name
}

/** What there is to say of a whole system. */
function systemOf(report: Report): readonly (readonly [string, string | null])[] {
  return [
    ['Release', report.target.kind === 'apk' ? null : releaseOf(report)],
    ['Contents', `${count(report.packages.length, 'package')}, ${count(report.files.length, 'ELF file')}`],
    ...(report.loaded === null ? [] : [['Starts', startedText(report.loaded)] as const]),
    ['Advisories', databaseOf(report)],
    ['Coverage', coverageText(report)],
  ]
}

/** What the target is called: its name, or how the person wrote it. Raw text, cut where nobody would read on. */
export function titleOf({target}: Report): string {
  return shorten(target.name || target.reference, 300)
}

function targetOf({target}: Report): string | null {
  const parts = [
    target.platform,
    target.kind === 'image' ? count(target.layers.length, 'layer') : null,
    target.imageID && `id ${target.imageID.slice(target.imageID.indexOf(':') + 1).slice(0, 12)}`,
  ].filter(part => part !== null)
  return parts.length === 0 ? null : parts.join(', ')
}

/** `alpine:3.20.1, layers 1 to 2 of 5`. */
function baseOf({target: {base, layers}}: Report): string | null {
  const last = layers.findLastIndex(layer => layer.base === true) + 1
  const extent = last === 0 ? null : `${last === 1 ? 'layer 1' : `layers 1 to ${last}`} of ${layers.length}`
  return [base?.name ?? null, extent].filter(part => part !== null).join(', ') || null
}

function releaseOf({release, today}: Report): string {
  if (release === null) return 'unknown: there is no os-release or alpine-release'
  const {id, version, branch, prettyName, latest, endOfLife} = release
  const parts = [id === 'alpine' && version !== '' ? `Alpine ${version}` : prettyName || id || 'unknown']
  if (branch !== null && !`v${version}`.startsWith(`${branch}.`)) parts.push(`branch ${branch}`)
  if (latest !== null && latest !== version) parts.push(`newest is ${latest}`)
  if (endOfLife !== null) parts.push(`${today > endOfLife ? 'no fixes since' : 'fixes until'} ${endOfLife}`)
  return parts.join('; ')
}

function databaseOf({database}: Report): string {
  if (database === null) return 'none used'
  if (database.branch === null) return `none for this target in the database of ${database.date}`
  return `${grouped(database.advisories)} for ${database.branch}, of ${database.date}`
}
