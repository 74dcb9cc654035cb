import {groupBy} from '../model/group.js'
import {limits} from '../model/limits.js'
import type {Finding} from '../model/report.js'
import type {Family} from '../model/rule.js'
import {grouped, visible} from '../model/text.js'
import {type Canvas, prose} from './canvas.js'
import {cell, clip} from './columns.js'

/** With more findings of one rule, its heading says what is wrong, and each line only where. */
const messagesShown = 3
/** Of a rule that only notes, so many places are enough to see what it is about. */
const notesShown = 10

const headings: Readonly<Record<Family, string>> = {
  vulnerability: 'Vulnerabilities',
  hardening: 'Hardening',
  musl: 'musl',
  image: 'Image',
}

const indent = ' '.repeat(12)

/** What is not about a package: for each family one block for each rule, the worst first. */
export function otherLines(findings: readonly Finding[], canvas: Canvas): string[] {
  const found = findings.filter(({family}) => family !== 'vulnerability')
  return [...groupBy(found, ({family}) => family)].flatMap(([family, ofFamily], index) => {
    const blocks = groupBy(ofFamily, ({rule, title}) => `${rule} ${title}`)
    const lines = [...blocks].flatMap(([heading, group]) => ['', ...blockOf(heading, group, canvas)])
    return [...(index > 0 ? [''] : []), canvas.style.bold(headings[family]), ...lines]
  })
}

function blockOf(heading: string, group: readonly Finding[], canvas: Canvas): string[] {
  const shown = group.slice(0, group[0]?.severity === 'note' ? notesShown : limits.tableRows)
  const text = group.length > messagesShown ? placeOf : ({message}: Finding) => message
  const lines = [canvas.style.bold(clip(visible(heading), canvas.width - 1))]
  for (const [remedy, findings] of groupBy(shown, remedyOf)) {
    for (const finding of findings) lines.push(...findingLines(finding.severity, text(finding), canvas))
    lines.push(...prose(`Fix: ${visible(remedy)}`, canvas, indent))
  }
  const left = group.length - shown.length
  if (left > 0) lines.push(`${indent}and ${grouped(left)} more; -o json has them all`)
  return lines
}

function findingLines(severity: Finding['severity'], text: string, canvas: Canvas): string[] {
  const [first = '', ...more] = prose(visible(text), canvas, indent)
  const label = canvas.style.severity(severity, cell(severity, indent.length - 2))
  return [`  ${label}${first.slice(indent.length)}`, ...more]
}

function placeOf({path, line}: Finding): string {
  return line === null ? path || '/' : `${path}:${line}`
}

function remedyOf({fix}: Finding): string {
  return fix.command ?? fix.text
}
