import {type Audit, type FileMove, type Outcome, outcomes} from '../model/audit.js'
import {groupBy} from '../model/group.js'
import type {Report, Reporter} from '../model/report.js'
import {count, grouped, visible} from '../model/text.js'
import {type Canvas, canvasOf, labelled, prose} from './canvas.js'
import {quiet} from './log.js'
import {otherLines} from './table-others.js'

const words: Readonly<Record<Outcome, string>> = {
  runs: 'runs as it is',
  packages: 'runs with packages',
  gcompat: 'runs with gcompat',
  crashes: 'crashes when called',
  rebuild: 'must be rebuilt or replaced',
}

/** Files that are printed of one outcome before the rest is only counted. */
const filesShown = 20
/** Blockers of one file that are named. */
const blockersShown = 6

/** What `piton audit` prints: the answer first, then what stands in the way, then what to type. */
export const auditTable: Reporter = {
  name: 'table',
  description: 'for people: what runs on Alpine, what does not, and what to do',
  render(report, options) {
    const canvas = canvasOf(options)
    const {audit} = report
    if (audit === null) return ''
    const own = audit.files.filter(({isDistribution}) => !isDistribution)
    const sections = [
      header(report, audit, canvas),
      countLines(own, canvas),
      blockedLines(own, canvas),
      otherLines(
        report.findings.filter(({ruleID}) => besides.has(ruleID)),
        canvas,
        report.rules,
      ),
      distributionLines(audit, canvas),
      warningLines(report, canvas),
      moveLines(audit, own, canvas),
      limitLines(audit, canvas),
    ]
    return quiet(
      `${sections
        .filter(lines => lines.length > 0)
        .map(lines => lines.join('\n'))
        .join('\n\n')}\n`,
    )
  },
}

/** Rules that say more than the fate of each file already does. */
const besides = new Set(['PT3005', 'PT3006', 'PT3007', 'PT3008'])

function header({tool, target}: Report, audit: Audit, canvas: Canvas): string[] {
  const own = audit.files.filter(({isDistribution}) => !isDistribution)
  return [
    canvas.style.bold(`${tool.name} ${tool.version}: ${visible(target.reference)} on Alpine ${audit.alpine.branch}`),
    '',
    ...labelled(
      [
        ['musl', `${audit.alpine.musl}${audit.gcompat ? ', with gcompat' : ''}`],
        ['answer', answer(own)],
      ],
      canvas,
    ),
  ]
}

/** The whole audit in a sentence. */
function answer(own: readonly FileMove[]): string {
  if (own.length === 0) return 'there are no ELF files but those of the distribution.'
  const by = groupBy(own, ({outcome}) => outcome)
  const number = (outcome: Outcome) => by.get(outcome)?.length ?? 0
  const blocked = number('rebuild') + number('crashes')
  const fine = number('runs') + number('packages')
  if (blocked === 0 && number('gcompat') === 0)
    return `yes: ${count(fine, 'file')} of yours ${fine === 1 ? 'runs' : 'all run'}.`
  if (blocked === 0)
    return `yes, with gcompat: ${count(number('gcompat'), 'file')} of ${grouped(own.length)} ${number('gcompat') === 1 ? 'needs' : 'need'} it.`
  return `not yet: ${grouped(blocked)} of ${count(own.length, 'file')} of yours ${blocked === 1 ? 'has' : 'have'} to be rebuilt or replaced.`
}

function countLines(own: readonly FileMove[], {style}: Canvas): string[] {
  const by = groupBy(own, ({outcome}) => outcome)
  const width = Math.max(...Object.values(words).map(text => text.length))
  const rows = outcomes.flatMap(outcome => {
    const files = by.get(outcome)
    return files === undefined ? [] : [`  ${words[outcome].padEnd(width)}  ${grouped(files.length).padStart(6)}`]
  })
  return rows.length === 0 ? [] : [style.bold('Your ELF files'), '', ...rows]
}

/** What does not run as it is, the worst first; the same trouble of several files stands once. */
function blockedLines(own: readonly FileMove[], canvas: Canvas): string[] {
  const lines: string[] = []
  for (const outcome of outcomes.toReversed().filter(one => one !== 'runs')) {
    const files = own.filter(file => file.outcome === outcome)
    if (files.length === 0) continue
    lines.push('', canvas.style.bold(`${capital(words[outcome])} (${grouped(files.length)})`))
    for (const {path, blockers, packages} of files.slice(0, filesShown)) {
      lines.push(...prose(visible(path), canvas, '  '))
      const detail = blockers.length > 0 ? `lacks ${listed(blockers)}` : `apk add ${packages.join(' ')}`
      if (outcome !== 'crashes' || blockers.length > 0) lines.push(...prose(visible(detail), canvas, '    '))
    }
    if (files.length > filesShown) lines.push(`  and ${grouped(files.length - filesShown)} more; -o json has them all`)
  }
  return lines.slice(1)
}

function listed(blockers: readonly string[]): string {
  const shown = blockers.slice(0, blockersShown).join(', ')
  return blockers.length > blockersShown ? `${shown} and ${grouped(blockers.length - blockersShown)} more` : shown
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function distributionLines({files}: Audit, canvas: Canvas): string[] {
  const theirs = files.filter(({isDistribution}) => isDistribution).length
  if (theirs === 0) return []
  const text = `Set apart: ${count(theirs, 'ELF file')} of the old distribution's packages. After the move they come from Alpine's.`
  return prose(text, canvas)
}

function warningLines({warnings}: Report, canvas: Canvas): string[] {
  if (warnings.length === 0) return []
  const lines = warnings.slice(0, 10).flatMap(({message}) => prose(visible(message), canvas, '  '))
  return [
    canvas.style.bold('Warnings'),
    '',
    ...lines,
    ...(warnings.length > 10 ? [`  and ${warnings.length - 10} more; -o json has them all`] : []),
  ]
}

/** A Dockerfile to begin with. */
function moveLines({alpine, packages, gcompat}: Audit, own: readonly FileMove[], canvas: Canvas): string[] {
  if (own.length === 0) return []
  const needs = new Set([...packages, ...(gcompat ? ['gcompat'] : [])])
  const rebuild = own.filter(({outcome}) => outcome === 'rebuild' || outcome === 'crashes')
  const lines = [`FROM alpine:${alpine.branch.replace(/^v/, '')}`]
  if (needs.size > 0) lines.push(`RUN apk add --no-cache ${[...needs].sort().join(' ')}`)
  lines.push('# COPY what runs as it is')
  if (rebuild.length > 0)
    lines.push(`# build for musl first: ${count(rebuild.length, 'file')}, such as ${visible(rebuild[0]?.path ?? '')}`)
  return [canvas.style.bold('To begin with'), '', ...lines.map(line => `  ${canvas.style.command(line)}`)]
}

function limitLines({packageListDate}: Audit, canvas: Canvas): string[] {
  const list = packageListDate === null ? '' : ` Packages are named from Alpine's index of ${packageListDate}.`
  return prose(
    `"Runs" means that musl's loader takes the file: what it then does, its own tests must tell.${list}`,
    canvas,
  )
}
