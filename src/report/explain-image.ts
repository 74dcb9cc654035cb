import type {Comparison, Ground, Offer} from '../model/advisory.js'
import type {BranchFix, ImageAnswer, OriginAnswer} from '../model/answer.js'
import type {RenderOptions, Report} from '../model/report.js'
import {shorten, visible} from '../model/text.js'
import {type Canvas, canvasOf, labelled, prose} from './canvas.js'
import {page, ratingRows} from './explain.js'
import {noticeOf} from './notice.js'
import {safeJSON} from './safe-json.js'

/** Names in a sentence, before the rest is counted. */
const namesShown = 8
/** Origins that are not installed, and branches that were not asked. */
const othersShown = 6
const versionsShown = 10

/** What `piton explain CVE-2024-6119 --image TARGET` prints. */
export function explainImage(answers: readonly ImageAnswer[], report: Report, options: RenderOptions): string {
  const canvas = canvasOf(options)
  return page([
    ...answers.flatMap(answer => answerSections(answer, report, canvas)),
    noticeOf(report).flatMap(sentence => prose(visible(sentence), canvas)),
  ])
}

function answerSections(answer: ImageAnswer, report: Report, canvas: Canvas): string[][] {
  const {id, aliases, rating, origins} = answer
  const installed = origins.filter(({status}) => status !== 'not-installed')
  const absent = origins.filter(({status}) => status === 'not-installed').map(({origin}) => origin)
  const name = visible(shorten(report.target.name || report.target.reference, 200))
  return [
    [canvas.style.bold(`${visible(id)}: ${verdictOf(answer)} for ${name}`)],
    labelled([['also known as', aliases.map(visible).join(', ') || null], ...ratingRows(rating)], canvas),
    ...installed.map(one => originLines(one, report, canvas)),
    ...(absent.length > 0 ? [prose(visible(absentText(absent, installed.length > 0)), canvas)] : []),
    ...(answer.status === 'unknown' ? [prose(visible(unknownText(answer, report)), canvas)] : []),
  ]
}

function verdictOf({status}: ImageAnswer): string {
  if (status === 'reported') return 'reported'
  return status === 'silenced' ? 'found, and silenced' : 'not reported'
}

function originLines(answer: OriginAnswer, report: Report, canvas: Canvas): string[] {
  const {origin, packages, grounds, elsewhere, finding} = answer
  const versions = [...new Set(packages.map(({version}) => version))].slice(0, versionsShown)
  return [
    canvas.style.bold(visible(`${shorten(origin, 200)}: ${statusWords(answer)}`)),
    ...labelled(
      [
        ['installed', visible(`${namesText(packages.map(({name}) => name))} ${versions.join(', ')}`)],
        ...grounds.flatMap((ground): [string, string][] => [
          [sourceText(ground), groundText(ground)],
          ['because', visible(ground.reason)],
        ]),
        ...(answer.status === 'unnamed' || answer.status === 'unchecked' ? elsewhereRows(elsewhere) : []),
        ['where', finding && visible(placeOf(finding))],
        ['available', finding?.offer ? visible(offerText(finding.offer)) : null],
        ['fix', finding && visible(finding.fix.command ?? finding.fix.text)],
      ],
      canvas,
    ),
    ...prose(visible(reasonText(answer, report)), canvas, '  '),
  ]
}

function statusWords({status, finding}: OriginAnswer): string {
  if (status === 'reported') return `reported, ${finding?.severity ?? ''}`
  return status === 'silenced' ? `found, and silenced by ${finding?.suppressed?.by ?? ''}` : 'not reported'
}

/** `v3.19/main`. */
function sourceText({branch, repository}: Pick<Ground, 'branch' | 'repository'>): string {
  return visible(shorten(`${branch}/${repository}`, 60))
}

/** One branch: which versions fix it there, what was compared, and of when that is. */
function groundText({fixVersions, comparisons, date}: Ground): string {
  const last = fixVersions.at(-1)
  const fixed = last === undefined ? 'not affected (fix version 0)' : `fixed in ${last}`
  const earlier =
    fixVersions.length > 1 ? ` (listed under ${fixVersions.slice(0, -1).join(', ')} too; the highest counts)` : ''
  const compared = comparisons.slice(0, versionsShown).map(comparisonText)
  const parts = [fixed + earlier, ...compared, `as of ${date ?? 'no date'}`]
  return visible(parts.join('; '))
}

function offerText({version, date, hasFix}: Offer): string {
  const when = date === null ? '' : `, by the index of ${date}`
  return `${version}${when}${hasFix ? '' : ': the fix is listed, but not published yet'}`
}

function comparisonText({installed, fixed, order, note}: Comparison): string {
  if (order === 'fixed') return installed === fixed ? `${installed} is it` : `${installed} is newer`
  return order === 'older' ? `${installed} is older` : `${installed}: ${note ?? 'the order cannot be told'}`
}

function elsewhereRows(elsewhere: readonly BranchFix[]): [string, string][] {
  return elsewhere.slice(0, othersShown).map(fix => {
    const said = fix.fixedVersion === null ? 'not affected (fix version 0)' : `fixed in ${fix.fixedVersion}`
    return [sourceText(fix), visible(`${said}; not asked`)]
  })
}

function placeOf({path, line, layer}: NonNullable<OriginAnswer['finding']>): string {
  const at = line === null ? path : `${path}:${line}`
  return layer === null ? at : `${at}, layer ${layer.index + 1}`
}

/** Raw text. */
export function reasonText(answer: OriginAnswer, report: Report): string {
  const {status, origin, finding, packages} = answer
  const branch = report.database?.branch ?? ''
  switch (status) {
    case 'reported':
      return finding?.message ?? ''
    case 'silenced':
      return `It is true, and does not count: ${finding?.suppressed?.reason ?? 'no reason is given'}.`
    case 'fixed':
      return 'The installed version has reached the fix.'
    case 'not-affected':
      return `The advisories say that ${origin} is not affected, whatever its version.`
    case 'unnamed':
      return (
        `${origin} is installed, and the advisories of ${branch} do not name this vulnerability for it. They list only ` +
        `fixes: either ${branch} is not affected, or Alpine has not fixed it there.`
      )
    case 'unchecked':
      return report.database?.branch
        ? `${packages.length} packages and more say that they are of ${origin}: they were not held against advisories.`
        : `No package was held against advisories: ${report.database?.reason ?? 'no database was used'}.`
    case 'not-installed':
      return `No package of ${origin} is installed.`
  }
}

function absentText(absent: readonly string[], more: boolean): string {
  const shown = absent.slice(0, othersShown).map(origin => shorten(origin, 100))
  const left = absent.length - shown.length
  const list = left > 0 ? `${shown.join(', ')} and ${left} more` : shown.join(', ')
  return `${more ? 'It is known of other packages too, of which none is' : 'It is known only of packages that are not'} installed: ${list}.`
}

/** Raw text. */
export function unknownText({id, similar}: Pick<ImageAnswer, 'id' | 'similar'>, {database}: Report): string {
  const meant = similar.length === 0 ? '' : ` It does name ${similar.join(' and ')}.`
  return (
    `No branch of the advisories of ${database?.date ?? 'no date'} names ${id}. They hold only what Alpine has fixed or ` +
    'rejected up to that day: the target may be affected all the same.' +
    meant
  )
}

function namesText(names: readonly string[]): string {
  const shown = [...new Set(names)].slice(0, namesShown).map(name => shorten(name, 100))
  return names.length > shown.length ? `${shown.join(', ')} and ${names.length - shown.length} more` : shown.join(', ')
}

/** What `piton explain CVE-2024-6119 --image TARGET -o json` prints. */
export function explainImageJSON(asked: string, answers: readonly ImageAnswer[], report: Report): string {
  const {target, release, database} = report
  return safeJSON({
    schemaVersion: 1,
    asked,
    target: {reference: target.reference, name: target.name, platform: target.platform, imageID: target.imageID},
    release: release && {
      id: release.id,
      version: release.version,
      branch: release.branch,
      endOfLife: release.endOfLife,
    },
    database: database && {date: database.date, branch: database.branch, reason: database.reason},
    complete: report.complete,
    notice: noticeOf(report),
    answers: answers.map(({id, aliases, status, rating, similar, origins}) => ({
      id,
      aliases,
      status,
      ...rating,
      similar,
      text: status === 'unknown' ? unknownText({id, similar}, report) : null,
      origins: origins.map(answer => ({
        origin: answer.origin,
        status: answer.status,
        text: reasonText(answer, report),
        packages: answer.packages.map(({name, version, line}) => ({name, version, line})),
        grounds: answer.grounds.map(({repository, ...ground}) => ({
          ...ground,
          source: `${ground.branch}/${repository}`,
        })),
        offer: answer.finding?.offer ?? null,
        elsewhere: answer.elsewhere.map(({branch, repository, fixedVersion}) => {
          return {source: `${branch}/${repository}`, fixedVersion}
        }),
        fingerprint: answer.finding?.fingerprint ?? null,
        silencedBy: answer.finding?.suppressed ?? null,
      })),
    })),
  })
}
