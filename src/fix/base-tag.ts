import {applyChanges, type Change} from '../dockerfile/edit.js'
import type {Dockerfile, Instruction} from '../dockerfile/instruction.js'
import {sourceWords} from '../dockerfile/instruction-words.js'
import type {Span} from '../dockerfile/location.js'
import {parseDockerfile} from '../dockerfile/parse.js'
import type {Values} from '../dockerfile/scope.js'
import {type Chain, chainOf} from '../dockerfile/stages.js'
import type {AlpineRelease} from '../model/advisory.js'
import {isOlderPatch} from '../model/alpine.js'
import {imageRepository} from '../model/image-name.js'
import {shorten} from '../model/text.js'

/** What FROM names, in its parts. */
export interface BaseTag {
  readonly image: string
  /** `3.19.0`, `latest`; '' where there is none. */
  readonly tag: string
  readonly digest: string | null
  /** Does Alpine itself publish it? Also as a registry that mirrors the Docker library has it. */
  readonly isAlpine: boolean
}

export function baseTagOf(image: string): BaseTag {
  const at = image.indexOf('@')
  const tagged = at < 0 ? image : image.slice(0, at)
  const repository = imageRepository(image)
  return {
    image,
    tag: tagged.slice(repository.length + 1),
    digest: at < 0 ? null : image.slice(at + 1),
    isAlpine: /^(?:(?:docker\.io|index\.docker\.io|registry-1\.docker\.io)\/)?alpine$|(?:^|\/)library\/alpine$/.test(
      repository,
    ),
  }
}

/** The branch that a tag names, `v3.19` of `3.19.0`, `3.19` and `3.19.0_rc1`; null where it names none. */
export function branchOfTag(tag: string): string | null {
  const branch = /^(\d{1,3}\.\d{1,3})(?:[._-]|$)/.exec(tag)?.[1]
  return branch === undefined ? null : `v${branch}`
}

/** What becomes of the tag in FROM. */
export type TagEdit =
  | {readonly change: Extract<Change, {kind: 'replace'}>; readonly from: string; readonly to: string}
  /** Why it stays, where that should be said; null where there is nothing to say. */
  | {readonly change: null; readonly why: string | null}

const nameLength = 200
/** A tag that there is no reason to change. */
export const noEdit: TagEdit = {change: null, why: null}

/**
 * Takes the tag of Alpine's own image to the newest patch release of its branch: in FROM, or in the one ARG that it comes
 * from. A digest cannot be looked up without the registry, and a tag beside it means nothing.
 */
export function tagEdit(
  dockerfile: Dockerfile,
  {from, image}: Pick<Chain, 'from' | 'image'>,
  releases: readonly AlpineRelease[],
  predefined: Values,
): TagEdit {
  if (image === null) return {change: null, why: 'what FROM names comes from an ARG without a value'}
  const base = baseTagOf(image)
  const latest = releases.find(({branch}) => branch === branchOfTag(base.tag))?.latest
  const name = shorten(image, nameLength)
  if (base.digest !== null) {
    return {change: null, why: `${name} is held by its digest, and the digest of a newer one cannot be told offline`}
  }
  if (latest === undefined || !isOlderPatch(base.tag, latest)) return noEdit
  if (!base.isAlpine) {
    const last = imageRepository(image).split('/').at(-1)
    return last !== 'alpine'
      ? noEdit
      : {change: null, why: `${name} is not Alpine's own: whether it has ${latest} is not known`}
  }
  const wanted = `${imageRepository(image)}:${latest}`
  const candidates = placesOf(dockerfile, from, base.tag).map(span => ({kind: 'replace', span, text: latest}) as const)
  const fitting = candidates.filter(change => imageAfter(dockerfile, from, change, predefined) === wanted)
  const [change] = fitting
  if (change === undefined || fitting.length > 1) {
    return {change: null, why: `${name} is put together from more than one ARG; ${latest} is the newest patch release`}
  }
  return {change, from: base.tag, to: latest}
}

/** Each takes reading the file again up to FROM. Of several ARGs of one name the last counts. */
const placesTried = 8

/** Where the tag stands in FROM, and in the ARGs before the first FROM that it depends on. */
function placesOf(dockerfile: Dockerfile, from: Instruction, tag: string) {
  const first = dockerfile.instructions.findIndex(({keyword}) => keyword === 'FROM')
  const args = dockerfile.instructions.slice(0, Math.max(0, first)).filter(({keyword}) => keyword === 'ARG')
  const inFrom = sourceWords(dockerfile, from).slice(1)
  const words = [...inFrom]
  const needed = new Set(inFrom.flatMap(({text}) => variablesIn(text)))
  for (const word of args.reverse().flatMap(arg => sourceWords(dockerfile, arg).slice(1).reverse())) {
    if (!needed.has(/^\w*/.exec(word.text)?.[0] ?? '')) continue
    words.push(word)
    for (const name of variablesIn(word.text)) needed.add(name)
  }
  const places: Span[] = []
  for (const {text, span} of words) {
    for (const at of occurrences(text, tag)) {
      if (places.length === placesTried) return places
      const startColumn = span.startColumn + at
      places.push({line: span.line, startColumn, endColumn: startColumn + tag.length})
    }
  }
  return places
}

function variablesIn(text: string): readonly string[] {
  return Array.from(text.matchAll(/\$\{?(\w+)/g), ([, name]) => name ?? '')
}

/** Where `part` stands in `text` and is not a part of something longer: `3.19.0` is not in `13.19.0`, nor in `3.19.01`. */
function* occurrences(text: string, part: string): Generator<number> {
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) {
    if (!/[\w.]/.test(text[at - 1] ?? '') && !/[\w.]/.test(text[at + part.length] ?? '')) yield at
  }
}

/** What FROM names when the file is changed so. Later lines decide nothing of it. */
function imageAfter(
  {lines, file}: Dockerfile,
  {endLine}: Instruction,
  change: Change,
  predefined: Values,
): string | null {
  const head = applyChanges(lines.slice(0, endLine).join('\n'), [change])
  return chainOf(parseDockerfile(head, file), null, predefined).image
}
