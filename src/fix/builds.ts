import {isOlderPatch} from '../model/alpine.js'
import {groupBy} from '../model/group.js'
import type {InstalledPackage} from '../model/package.js'
import {shorten} from '../model/text.js'
import {baseTagOf} from './base-tag.js'
import type {Layout, Place} from './layout.js'
import {allows, pinOf} from './pin.js'
import type {Pins, RaisedPin} from './pins.js'
import type {FixQuestion} from './question.js'
import {type AddedUpgrade, addedUpgrade} from './upgrade.js'
import {userOfBase, usersOf} from './user.js'

/** What the next build brings, and the line that it lacks for what is wanted. */
export class Builds {
  readonly #question: FixQuestion
  readonly #layout: Layout
  readonly #pins: Pins
  readonly #raised: ReadonlyMap<string, RaisedPin>
  /** By the name in the world file: the entry. */
  readonly #world: ReadonlyMap<string, string>
  readonly #fromBase: InstalledPackage[] = []
  readonly #own: {readonly one: InstalledPackage; readonly index: number}[] = []
  /** Index of the first instruction that the next build runs again, whatever its cache holds; -1: all. */
  #runsFrom: number
  /** Index of the last instruction that upgrades everything; -1: none does. */
  #lastUpgradeOfAll = -1
  /** By name: of the last one that upgrades just this package. */
  readonly #upgradesOf = new Map<string, number>()
  readonly #asked: {readonly one: InstalledPackage; readonly index: number}[] = []
  /** Packages that come at their newest version. */
  readonly newest = new Set<string>()
  /** Those of them that come by no line of their own: what installs them is run again. */
  readonly again: string[] = []
  /** By name: why others do not. */
  readonly reasons = new Map<string, string>()
  /** Does it take a build without a cache, as an instruction that upgrades is there already? */
  needsNoCache = false

  constructor(question: FixQuestion, layout: Layout, pins: Pins, isTagEdited: boolean) {
    this.#question = question
    this.#layout = layout
    this.#pins = pins
    this.#raised = new Map(pins.raised.map(one => [one.name, one]))
    this.#world = new Map(
      question.facts.world.flatMap(entry => {
        const name = pinOf(entry)?.name
        return name === undefined ? [] : [[name, entry] as const]
      }),
    )
    const changed = layout.steps.findIndex(({isBuilt}) => isBuilt === false)
    this.#runsFrom = Math.min(
      isTagEdited || isBuiltOnOlder(question) ? -1 : Number.POSITIVE_INFINITY,
      changed < 0 ? Number.POSITIVE_INFINITY : changed,
      pins.firstDiffering,
      pins.raised.reduce((first, {index}) => Math.min(first, index), Number.POSITIVE_INFINITY),
    )
    for (const [index, {commands}] of layout.steps.entries()) {
      for (const {asked} of commands.filter(({upgrades}) => upgrades)) {
        if (asked.length === 0) this.#lastUpgradeOfAll = index
        for (const {word} of asked) this.#upgradesOf.set(word, index)
      }
    }
  }

  /** Takes in a package that should come at its newest version. */
  ask(one: InstalledPackage): void {
    const {name} = one
    const held = this.#pins.held.get(name)
    const raised = this.#raised.get(name)
    const place = this.#layout.placeOf(one)
    // Where a pin allows what is there already, apk leaves it.
    const isForced = raised?.forces ?? this.#pins.met.get(name)?.forces ?? false
    if (held !== undefined) this.reasons.set(name, held)
    else if (isForced) this.newest.add(name)
    else this.#askAt(one, place)
  }

  /** The lines that are still needed. */
  finish(): readonly AddedUpgrade[] {
    const added = this.#fromBase.length === 0 ? [] : [this.#addFor(this.#fromBase, -1)]
    for (const {one} of this.#asked) this.newest.add(one.name)
    this.needsNoCache = this.#asked.some(({index}) => this.#runsFrom > index)
    if (this.needsNoCache) this.#runsFrom = -1
    return [...added, ...this.#finishOwn()]
  }

  #askAt(one: InstalledPackage, place: Place): void {
    const {name} = one
    const copied = typeof place === 'number' ? this.#notRun(place) : null
    if (place === null) this.reasons.set(name, 'nothing tells which line of the Dockerfile brings them')
    else if (copied !== null) this.reasons.set(name, copied)
    else if (!isSafeName(name)) this.reasons.set(name, 'their names are none that can be typed')
    else {
      const from = place === 'base' ? -1 : place
      const asked = this.#askedAfter(one, from)
      const pin = place === 'base' ? null : this.#heldByWorld(one)
      if (pin !== null) this.reasons.set(name, pin)
      else if (asked !== null) this.#askedAt(one, asked)
      else if (place === 'base') this.#fromBase.push(one)
      else this.#own.push({one, index: place})
    }
  }

  #askedAt(one: InstalledPackage, index: number): void {
    this.#asked.push({one, index})
    // Where nothing tells what the image was built with: a line that upgrades it is newer than the image, which has it old.
    if (this.#layout.steps[index]?.isBuilt === null) this.#runsFrom = Math.min(this.#runsFrom, index)
  }

  /** What a RUN brought can be upgraded by one; what comes ready-made from elsewhere is made new there. */
  #notRun(index: number): string | null {
    const instruction = this.#layout.steps[index]?.instruction
    if (instruction === undefined || instruction.keyword === 'RUN' || instruction.keyword === 'ADD') return null
    const from = this.#layout.copiedFrom(index)
    const where = `${this.#layout.dockerfile.file}:${instruction.startLine}`
    return from === null
      ? `${where} copies them from the build's own files`
      : `${where} copies them from another stage or image, ${from}`
  }

  /** An exact version that the world file holds, and no `apk add` that could be read. */
  #heldByWorld(one: InstalledPackage): string | null {
    const entry = this.#world.get(one.name)
    if (entry === undefined || !this.#isPinned(one)) return null
    return `the image asks for ${shorten(entry, 100)}, and no apk add that piton can read says so`
  }

  /** Index of an instruction that upgrades the package where it is there already; null where none does. */
  #askedAfter(one: InstalledPackage, from: number): number | null {
    const named = this.#upgradesOf.get(one.name) ?? -1
    const all = this.#isPinned(one) ? -1 : this.#lastUpgradeOfAll
    const last = Math.max(named, all)
    return last >= 0 && last >= from ? last : null
  }

  /** Does the world file of the image hold it back, and no line of the Dockerfile say otherwise by now? */
  #isPinned(one: InstalledPackage): boolean {
    if (this.#raised.has(one.name) || this.#pins.met.has(one.name)) return false
    const pin = pinOf(this.#world.get(one.name) ?? '')
    return pin !== null && !allows(pin, this.#question.upgrades.newest(one))
  }

  /** What an instruction that is run again brings is new; behind the first that is not stands a line. */
  #finishOwn(): readonly AddedUpgrade[] {
    const added: AddedUpgrade[] = []
    const byIndex = [...groupBy(this.#own, ({index}) => index)].sort(([a], [b]) => a - b)
    for (const [index, own] of byIndex) {
      const here = own.map(({one}) => one)
      // ADD brings the same files each time.
      const isAgain = this.#runsFrom <= index && this.#layout.steps[index]?.instruction.keyword === 'RUN'
      if (!isAgain) added.push(this.#addFor(here, index))
      else for (const {name} of here) this.#runAgain(name)
    }
    return added
  }

  #runAgain(name: string): void {
    this.newest.add(name)
    if (!this.#raised.has(name)) this.again.push(name)
  }

  #addFor(packages: readonly InstalledPackage[], after: number): AddedUpgrade {
    const {chain, history, base} = this.#question
    const names = [...new Set(packages.map(({name}) => name))].sort()
    const baseLayers = base.filter(isBase => isBase === true).length
    const users = usersOf(userOfBase(history, baseLayers, chain.instructions), chain.instructions)
    // Only by its name is a package upgraded that the world file holds back.
    const canBeAll = !packages.some(one => this.#isPinned(one))
    const added = addedUpgrade({names, canBeAll, after, from: chain.from, instructions: chain.instructions, users})
    this.#runsFrom = Math.min(this.#runsFrom, added.after + 1)
    for (const name of names) this.newest.add(name)
    return added
  }
}

/** Is the tag in FROM a newer patch release than the image has? Then all of it is built again. */
function isBuiltOnOlder({chain, facts}: FixQuestion): boolean {
  const {tag, isAlpine} = baseTagOf(chain.image ?? '')
  return isAlpine && facts.release !== null && isOlderPatch(facts.release.version, tag)
}

function isSafeName(name: string): boolean {
  return /^[A-Za-z0-9_][A-Za-z0-9._+-]{0,254}$/.test(name)
}
