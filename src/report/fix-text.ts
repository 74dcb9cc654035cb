import type {Fix, FixRemainder, FixStep} from '../model/fix.js'
import type {Format} from '../model/report.js'
import {count, shorten, visible} from '../model/text.js'
import {canvasOf, prose} from './canvas.js'
import {fixPatch} from './fix-patch.js'
import {quiet} from './log.js'
import type {Style} from './style.js'

/** What a person reads of a list of changes; the patch has them all. */
const stepsShown = 50
/** Packages of one reason, before the rest is counted. */
const namesShown = 8
const nameLength = 100

/** `piton fix` for people: the patch, which git and patch take with the words behind it, and what comes of it. */
export const fixText: Format<Fix> = {
  name: 'diff',
  description: 'a unified diff, and what it does',
  async render(fix, options) {
    const canvas = canvasOf(options)
    const raw = await fixPatch(fix)
    const shown = quiet(raw.split('\n').map(shownLine).join('\n'))
    const painted = shown.split('\n').map(line => paint(line, canvas.style))
    const words = wordsOf(fix, raw !== shown).flatMap(({text, indent}) => prose(visible(text), canvas, indent))
    return `${painted.join('\n')}${raw === '' ? '' : '\n'}${quiet(words.join('\n'))}\n`
  },
}

/** What a terminal obeys is shown; what only looks odd, and the ends of lines, stay, so that the patch can be applied. */
const obeyed = /[^\P{Cc}\t]|\p{Bidi_Control}|\p{Zl}|\p{Zp}|\p{Cs}/gu

function shownLine(line: string): string {
  const end = line.endsWith('\r') ? '\r' : ''
  return line.slice(0, line.length - end.length).replace(obeyed, visible) + end
}

function paint(line: string, style: Style): string {
  if (/^(?:---|\+\+\+) /.test(line)) return style.bold(line)
  if (line.startsWith('@@')) return style.command(line)
  if (line.startsWith('+')) return style.verdict('yes', line)
  return line.startsWith('-') ? style.verdict('no', line) : line
}

interface Words {
  readonly text: string
  readonly indent: string
}

function wordsOf(fix: Fix, isChanged: boolean): readonly Words[] {
  const {steps, again, remaining, notes, written, file, before, after} = fix
  const paragraph = (text: string): Words => ({text, indent: ''})
  const item = (text: string): Words => ({text, indent: '  '})
  return [
    paragraph(resultOf(fix)),
    ...steps.slice(0, stepsShown).map(step => item(stepText(step, file))),
    ...(steps.length > stepsShown ? [item(`and ${count(steps.length - stepsShown, 'more place')}`)] : []),
    ...(again.length === 0 ? [] : [item(`new by themselves: ${listOf(again)}, as a line before theirs changes`)]),
    ...(remaining.length === 0 ? [] : [paragraph('What stays:'), ...remaining.map(one => item(remainderText(one)))]),
    ...[...notes, ...doubtsOf(fix)].map(paragraph),
    ...(isChanged
      ? [paragraph('Characters that a terminal obeys are shown in the patch: only --write makes this edit.')]
      : []),
    ...(before === after || written ? [] : [paragraph('--write makes this edit.')]),
  ]
}

function resultOf({target, file, findings, removes, rebuild, before, after, written}: Fix): string {
  const image = shorten(target.name ?? target.reference, nameLength)
  const all = count(findings, 'vulnerability', 'vulnerabilities')
  const some = (number: number) => (number === findings && number > 1 ? `all ${all}` : `${number} of the ${all}`)
  if (before !== after) {
    const verb = written ? `${file} is changed` : 'With this edit'
    const link = written ? `: an image built from it has` : ` an image built from ${file} has`
    const cache = rebuild.withoutCache ? ' Build it with --no-cache: lines that upgrade are in it already.' : ''
    return `${verb}${link} ${some(removes)} of ${image} fewer.${cache}`
  }
  if (findings === 0) return `Nothing to fix: ${image} has no vulnerability that the advisories know a fix of.`
  if (rebuild.findings === 0)
    return `Nothing to change in ${file}: no edit of it removes any of the ${all} of ${image}.`
  const cache = rebuild.withoutCache ? 'docker build --pull --no-cache' : 'docker build --pull'
  return `Nothing to change in ${file}: it asks for what fixes ${some(rebuild.findings)} of ${image} already. Build it again (${cache}).`
}

function stepText({kind, line, from, to, packages}: FixStep, file: string): string {
  const place = `${file}:${line}`
  switch (kind) {
    case 'base':
      return `${place}  base image ${from} becomes ${to}, the newest patch release of its branch`
    case 'pin':
      return `${place}  ${from} becomes ${to}${from.startsWith(packages[0] ?? ' ') ? '' : `, for ${listOf(packages)}`}`
    default:
      return `${place}  followed by an upgrade of ${listOf(packages)}`
  }
}

function remainderText({reason, findings, packages}: FixRemainder): string {
  return `${findings} of ${listOf(packages)}: ${reason}`
}

/** What could make the promise wrong: an exact version that the repository has no more. */
function doubtsOf({steps, indexDate, branch, architecture}: Fix): readonly string[] {
  const isExact = steps.some(({kind, to}) => kind === 'pin' && (/^\d/.test(to) || /[^<>~]=[^~]/.test(to)))
  if (indexDate !== null || !isExact) return []
  const [release, machine] = [branch?.slice(1) ?? 'RELEASE', architecture ?? 'ARCH'].map(text =>
    shorten(text, nameLength),
  )
  return [
    `No package index is at hand: pins name the first version with all fixes, and where the repository has a newer one the build will not find it. piton db update --branch ${release} --arch ${machine} fetches the index.`,
  ]
}

function listOf(names: readonly string[]): string {
  const left = names.length - namesShown
  const shown = names.slice(0, namesShown).map(name => shorten(name, nameLength))
  return left > 0 ? `${shown.join(', ')} and ${left} more` : shown.join(', ')
}
