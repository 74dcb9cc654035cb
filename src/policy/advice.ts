import type {Finding} from '../model/report.js'
import {newBaseAdvice, newReleaseAdvice} from './advice/base.js'
import {rebuildAdvice} from './advice/rebuild.js'
import {removalAdvice} from './advice/removal.js'
import {type Advice, type AdviceContext, type AdviceFacts, Situation} from './advice/situation.js'
import {upgradeAdvice} from './advice/upgrade.js'

export type {Advice} from './advice/situation.js'

const nothingKnown: AdviceContext = {layers: [], base: null, upgrades: null}

/**
 * The shortest way to fewer findings: the base image to build on, the upgrade that the other packages need together,
 * what nothing needs, and the flags to build with. `fixes` is counted by asking the advisories about the packages as they
 * would be then; where it is only an upper bound the text says so. What fixes most comes first, of equals what is certain.
 */
export function adviseOn(
  findings: readonly Finding[],
  facts: AdviceFacts,
  context: AdviceContext = nothingKnown,
): readonly Advice[] {
  const situation = new Situation(findings, facts, context)
  const base = newBaseAdvice(situation)
  // A new base image brings its own packages up to date; where nothing tells which those are, all are listed.
  const isLeft = base !== null && situation.knowsBase ? (one: {layer: number}) => !situation.isOfBase(one) : () => true
  const advice = [
    upgradeAdvice(situation, isLeft),
    removalAdvice(situation),
    newReleaseAdvice(situation),
    base,
    ...rebuildAdvice(situation),
  ]
  return advice
    .filter((one): one is Advice => one !== null)
    .sort((a, b) => b.fixes - a.fixes || Number(a.atMost) - Number(b.atMost))
}
