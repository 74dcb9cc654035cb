import {createHash} from 'node:crypto'
import type {Facts} from '../model/facts.js'
import {byWorst} from '../model/finding-order.js'
import {imageRepository} from '../model/image-name.js'
import {limits} from '../model/limits.js'
import type {Finding, FindingLayer, ReportLayer} from '../model/report.js'
import type {Draft, Rule} from '../model/rule.js'
import {compareText} from '../model/text.js'
import {loadedTest} from './loaded.js'

/** What findings say about the image, which no rule needs to know. */
export interface RunContext {
  /** The image's name, with or without its tag; null where it has none. */
  readonly image: string | null
  readonly layers: readonly Pick<ReportLayer, 'diffID' | 'createdBy' | 'base'>[]
  /** The layer that last wrote a path; null where there is none. */
  readonly layerOf?: (path: string) => number | null
}

/** Asks every rule, and gives its drafts what every finding has. Worst first, in an order that never varies. */
export function runRules(rules: readonly Rule[], facts: Facts, context: RunContext): Finding[] {
  const isLoaded = loadedTest(facts)
  const found = rules.flatMap(rule =>
    [...rule.check(facts)].map(draft => ({...complete(draft, rule, context), loaded: isLoaded(draft, rule)})),
  )
  return numberTwins(found.sort(byWorst))
}

function complete(draft: Draft, rule: Rule, {image, layers, layerOf}: RunContext): Finding {
  const {at, vulnerability: details} = draft
  const id = draft.rule ?? rule.id
  const index = at.layer === undefined ? (layerOf?.(at.path) ?? null) : at.layer
  return {
    fingerprint: fingerprintOf([rule.family, id, imageRepository(image), ...draft.identity]),
    rule: id,
    ruleID: rule.id,
    family: rule.family,
    severity: draft.severity ?? rule.severity,
    ownSeverity: null,
    raisedBy: draft.raisedBy ?? null,
    title: draft.title ?? rule.title,
    message: draft.message,
    evidence: draft.evidence,
    origin: draft.origin ?? null,
    packages: draft.packages ?? [],
    fixedVersion: details?.fixedVersion ?? null,
    aliases: details?.aliases ?? [],
    names: [...(draft.names ?? [])].sort(compareText).slice(0, limits.namesPerFinding),
    cvss: details?.cvss ?? [],
    kev: details?.kev ?? false,
    epss: details?.epss ?? null,
    grounds: details?.grounds ?? [],
    offer: details?.offer ?? null,
    path: at.path,
    line: at.line ?? null,
    layer: layerAt(index, layers, at.layers ?? []),
    dockerfile: null,
    loaded: null,
    suppressed: null,
    baselineState: null,
    fix: draft.fix,
  }
}

/** What both the base image and a layer on top of it brought is neither's alone. */
function layerAt(index: number | null, layers: RunContext['layers'], all: readonly number[]): FindingLayer | null {
  const layer = index === null ? undefined : layers[index]
  if (index === null || layer === undefined) return null
  const {diffID, createdBy, base} = layer
  return {index, diffID, createdBy, base: all.every(other => layers[other]?.base === base) ? base : null}
}

/** Nothing that changes while the problem stays may get in here: no version, line, tag or digest. */
function fingerprintOf(parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 16)
}

/** Findings that nothing tells apart are counted, so that GitHub does not take them for one. */
function numberTwins(findings: readonly Finding[]): Finding[] {
  const seen = new Map<string, number>()
  return findings.map(finding => {
    const nth = (seen.get(finding.fingerprint) ?? 0) + 1
    seen.set(finding.fingerprint, nth)
    return {...finding, fingerprint: `${finding.fingerprint}:${nth}`}
  })
}
