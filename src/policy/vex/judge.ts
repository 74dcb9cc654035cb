import {groupBy} from '../../model/group.js'
import type {InstalledPackage} from '../../model/package.js'
import {type PurlParts, parsePurl} from '../../model/purl.js'
import type {Finding, Suppression} from '../../model/report.js'
import {shorten} from '../../model/text.js'
import type {Warning} from '../../model/warning.js'
import {WarningList} from '../../model/warnings.js'
import type {Judge, JudgeContext} from '../judge.js'
import {idsOf} from '../severities.js'
import {isImage, purlCovers} from './product-match.js'
import {placeOf, type VexDocument, type VexProduct, type VexStatement, vexStatuses} from './statement.js'

const wordsLength = 200

/**
 * `not_affected` and `fixed` take a finding out, where a statement covers every package of it. Of several statements about
 * one package the newest counts. What contradicts, and what speaks of nothing here, is a warning.
 */
export function vexJudge(documents: readonly VexDocument[]): Judge {
  return (findings, context) => {
    const byID = statementsAbout(findings, documents)
    const scope = new Scope(context)
    const suppressions = new Map<Finding, Suppression>()
    const used = new Set<VexStatement>()
    const contradictions = new Map<string, Warning>()
    for (const finding of findings) {
      if (finding.family !== 'vulnerability') continue
      const candidates = [...new Set(idsOf(finding).flatMap(id => byID.get(id) ?? []))]
      if (candidates.length === 0) continue
      const winners = finding.packages.map(one => {
        const applying = candidates.filter(statement => scope.covers(statement, one))
        for (const statement of applying) used.add(statement)
        const winner = newestOf(applying)
        const warning = contradictionOf(finding, one.name, applying, winner)
        if (warning !== null) contradictions.set(warning.message, warning)
        return winner
      })
      const suppression = suppressionOf(winners)
      if (suppression !== null) suppressions.set(finding, suppression)
    }
    const warnings = new WarningList()
    for (const {problems} of documents) {
      for (const problem of problems) {
        warnings.addMade('VEX_STATEMENT', () => ({message: `${problem}: it is passed over`}))
      }
    }
    for (const warning of contradictions.values()) warnings.add(warning)
    for (const warning of unverifiedWarnings(documents, used)) warnings.add(warning)
    if (context.asked.has('vulnerability')) warnUnused(documents, used, findings, byID, context, warnings)
    return {suppressions, warnings: warnings.toArray()}
  }
}

/** By the ids that findings have: of a distribution's 500,000 statements few are about this image. */
function statementsAbout(
  findings: readonly Finding[],
  documents: readonly VexDocument[],
): ReadonlyMap<string, readonly VexStatement[]> {
  const byID = new Map<string, VexStatement[]>()
  for (const finding of findings) for (const id of idsOf(finding)) byID.set(id, [])
  for (const {statements} of documents) {
    for (const statement of statements) {
      byID.get(statement.id.toLowerCase())?.push(statement)
      for (const alias of statement.aliases) byID.get(alias.toLowerCase())?.push(statement)
    }
  }
  return byID
}

/** What the statements are held against: the image, and what is installed in it. */
class Scope {
  readonly #context: JudgeContext
  readonly #images = new Map<VexProduct, boolean>()
  readonly #purls = new Map<string, readonly Required<PurlParts>[]>()
  readonly #byName: ReadonlyMap<string, readonly InstalledPackage[]>

  constructor(context: JudgeContext) {
    this.#context = context
    this.#byName = groupBy(context.packages, keyOf)
  }

  /** Does the statement speak of this package, by itself or with the whole image? */
  covers({products}: VexStatement, installed: {readonly name: string; readonly version: string}): boolean {
    const purls = this.#purlsOf(installed)
    const isCovered = (stated: Required<PurlParts>) => purls.some(actual => purlCovers(stated, actual))
    return products.some(product => {
      if (product.purl !== null && isCovered(product.purl)) return true
      if (!this.#isImage(product)) return false
      return product.subcomponents.length === 0 || product.subcomponents.some(isCovered)
    })
  }

  #isImage(product: VexProduct): boolean {
    let known = this.#images.get(product)
    if (known === undefined) {
      known = isImage(product, this.#context)
      this.#images.set(product, known)
    }
    return known
  }

  #purlsOf(installed: {readonly name: string; readonly version: string}): readonly Required<PurlParts>[] {
    const key = keyOf(installed)
    let known = this.#purls.get(key)
    if (known === undefined) {
      known = (this.#byName.get(key) ?? []).flatMap(({purl}) => parsePurl(purl) ?? [])
      this.#purls.set(key, known)
    }
    return known
  }
}

function keyOf({name, version}: {readonly name: string; readonly version: string}): string {
  return `${name}\0${version}`
}

/** The newest; of those that are equally old, the one that keeps a finding rather than takes it out. */
function newestOf(statements: readonly VexStatement[]): VexStatement | undefined {
  return statements.reduce<VexStatement | undefined>((best, statement) => {
    if (best === undefined) return statement
    const newer = (statement.time ?? 0) - (best.time ?? 0)
    const stricter = vexStatuses.indexOf(statement.status) - vexStatuses.indexOf(best.status)
    return newer > 0 || (newer === 0 && stricter > 0) ? statement : best
  }, undefined)
}

function takesOut({status}: VexStatement): boolean {
  return status === 'not_affected' || status === 'fixed'
}

/** That something was looked into before is no contradiction of what came of it. */
function contradictionOf(
  {rule}: Finding,
  name: string,
  applying: readonly VexStatement[],
  winner: VexStatement | undefined,
): Warning | null {
  if (winner === undefined) return null
  const other = applying.find(statement => {
    const settled = statement.status !== 'under_investigation' || (statement.time ?? 0) >= (winner.time ?? 0)
    return takesOut(statement) !== takesOut(winner) && settled
  })
  if (other === undefined) return null
  const why =
    (winner.time ?? 0) > (other.time ?? 0) ? 'the newer one counts' : 'neither is newer, so the careful one counts'
  const [first, second] = [winner, other].map(statement => {
    const {status, time} = statement
    return `${placeOf(statement)} says ${status}${time === null ? '' : ` (${new Date(time).toISOString().slice(0, 10)})`}`
  })
  return {code: 'VEX_CONTRADICTION', message: `${rule} in ${name}: ${first}, ${second}: ${why}`}
}

/** A finding is out where every package of it is. */
function suppressionOf(winners: readonly (VexStatement | undefined)[]): Suppression | null {
  const [first] = winners
  if (first === undefined || !winners.every(winner => winner !== undefined && takesOut(winner))) return null
  const reason = first.reason ?? (first.status === 'fixed' ? 'fixed' : 'not affected')
  return {by: 'vex', reason, expires: null, justification: first.justification, from: placeOf(first)}
}

/** Whoever can write to a registry can make it say that nothing is wrong. */
function unverifiedWarnings(documents: readonly VexDocument[], used: ReadonlySet<VexStatement>): Warning[] {
  const heard = documents.filter(
    one => one.unverified === true && one.statements.some(statement => used.has(statement)),
  )
  if (heard.length === 0) return []
  const names = heard.map(({name}) => name)
  const message = `VEX from the registry: its signatures were not checked (${shorten(names.join(', '), wordsLength)})`
  return [{code: 'VEX_UNVERIFIED', message}]
}

function warnUnused(
  documents: readonly VexDocument[],
  used: ReadonlySet<VexStatement>,
  findings: readonly Finding[],
  byID: ReadonlyMap<string, readonly VexStatement[]>,
  {target}: JudgeContext,
  warnings: WarningList,
): void {
  const known = new Set(findings.flatMap(finding => idsOf(finding).flatMap(id => byID.get(id) ?? [])))
  for (const {statements, unverified} of documents) {
    for (const statement of statements) {
      if (used.has(statement)) continue
      // Who wrote a file can take the statement out; who pulled an image cannot, and its publisher may keep old ones.
      if (unverified === true && !known.has(statement)) continue
      warnings.addMade('VEX_UNUSED', () => {
        const {id, status, products} = statement
        const names = products.map(({label}) => label).join(', ')
        const about = shorten(names === '' ? 'no product' : names, wordsLength)
        const why = known.has(statement)
          ? `it is about ${about}, which is neither ${target.name ?? 'this target'} nor one of the packages that have it`
          : 'there is no such finding'
        return {message: `${placeOf(statement)} (${id}, ${status}) matches nothing: ${why}`}
      })
    }
  }
}
