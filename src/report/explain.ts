import type {Rating} from '../model/advisory.js'
import type {RenderOptions} from '../model/report.js'
import type {Rule} from '../model/rule.js'
import {severityOfScore} from '../model/severity.js'
import {visible} from '../model/text.js'
import {type Canvas, canvasOf, labelled, prose} from './canvas.js'
import {type Column, layout, rowLine, titleLine} from './grid.js'
import {quiet} from './log.js'
import {safeJSON} from './safe-json.js'

/** One vulnerability, as far as the database knows it. */
export interface KnownVulnerability {
  readonly id: string
  readonly aliases: readonly string[]
  /** One for each branch and origin package; a fixed version of null: the package is not affected. */
  readonly entries: readonly VulnerabilityEntry[]
  readonly rating: Rating
}

export interface VulnerabilityEntry {
  readonly branch: string
  readonly origin: string
  readonly repository: string
  readonly fixedVersion: string | null
}

const columns: readonly Column<VulnerabilityEntry>[] = [
  {title: 'PACKAGE', most: 40, shrinks: true, text: ({origin}) => visible(origin)},
  {title: 'BRANCH', most: 10, text: ({branch}) => visible(branch)},
  {title: 'REPOSITORY', most: 12, text: ({repository}) => visible(repository)},
  {title: 'FIXED IN', most: 40, shrinks: true, text: ({fixedVersion}) => visible(fixedVersion ?? 'not affected')},
]

/** What `piton explain PT1001` prints. */
export function explainRule({id, name, title, severity, family, help}: Rule, options: RenderOptions): string {
  const canvas = canvasOf(options)
  return page([
    [canvas.style.bold(`${id} ${name}`), ...prose(title, canvas)],
    labelled(
      [
        ['severity', id === 'vulnerability' ? 'that of the CVSS score; medium without one' : severity],
        ['check', family],
      ],
      canvas,
    ),
    [canvas.style.bold('Why it matters'), ...prose(help.why, canvas, '  ')],
    [canvas.style.bold('How to fix it'), ...prose(help.fix, canvas, '  ')],
    [canvas.style.bold('Read more'), ...help.links.map(link => `  ${link}`)],
  ])
}

/** What `piton explain CVE-2024-6119` prints. */
export function explainVulnerability(known: KnownVulnerability, options: RenderOptions): string {
  const canvas = canvasOf(options)
  return page([
    [canvas.style.bold(visible(known.id))],
    labelled([['also known as', known.aliases.map(visible).join(', ') || null], ...ratingRows(known.rating)], canvas),
    entryLines(known.entries, canvas),
    prose(
      "Alpine's advisories list fixes only: a branch or package that is not named here may be affected and not fixed.",
      canvas,
    ),
  ])
}

/** What `piton explain ID -o json` prints. */
export function explainJSON(
  explained: {readonly rule: Rule} | {readonly vulnerabilities: readonly KnownVulnerability[]},
): string {
  if ('rule' in explained) {
    const {id, name, title, severity, family, help} = explained.rule
    return safeJSON({schemaVersion: 1, rule: {id, name, title, severity, family, help}})
  }
  const vulnerabilities = explained.vulnerabilities.map(({id, aliases, rating, entries}) => ({
    id,
    aliases,
    ...rating,
    entries: entries.map(({branch, repository, origin, fixedVersion}) => {
      return {origin, source: `${branch}/${repository}`, fixedVersion}
    }),
  }))
  return safeJSON({schemaVersion: 1, vulnerabilities})
}

export function ratingRows({cvss, kev, epss}: Rating): [label: string, value: string | null][] {
  const scores = cvss.map(({version, vector, score, source}): [string, string] => [
    `CVSS ${version}`,
    visible(`${score.toFixed(1)} ${severityOfScore(score)}, ${vector}, from ${source}`),
  ])
  const chance = epss && `${(epss.score * 100).toFixed(1)} % chance of being exploited within 30 days`
  return [
    ...(scores.length > 0 ? scores : [['CVSS', 'unscored: no vector is known'] as [string, string]]),
    ['exploited', kev ? "yes, it is in CISA's catalogue" : "not in CISA's catalogue"],
    ['EPSS', chance && (epss.date === null ? chance : `${chance}, as of ${epss.date}`)],
  ]
}

function entryLines(entries: readonly VulnerabilityEntry[], {style, width}: Canvas): string[] {
  if (entries.length === 0) return ['No package of Alpine is known to have it fixed.']
  const placed = layout(columns, entries, width)
  return [titleLine(placed, style), ...entries.map(entry => rowLine(placed, entry, style))]
}

export function page(sections: readonly (readonly string[])[]): string {
  const printed = sections.filter(lines => lines.length > 0).map(lines => lines.join('\n'))
  return quiet(`${printed.join('\n\n')}\n`)
}
