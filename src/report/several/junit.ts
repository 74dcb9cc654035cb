import {shorten} from '../../model/text.js'
import {quiet} from '../log.js'
import {element, escaped} from '../xml.js'
import {type Failed, type Joiner, partsOf, type Scanned} from './part.js'

const nameLength = 200

/** The suites of all targets, each with the name of its target; a target that failed is an error. */
export const severalSuites: Joiner = {
  name: 'junit',
  join(parts) {
    const {scanned, failed} = partsOf(parts)
    const totals = {tests: failed.length, failures: 0, errors: failed.length, skipped: 0}
    const children: string[] = []
    for (const part of scanned) {
      const {head, suites} = suitesOf(part)
      for (const name of ['tests', 'failures', 'errors', 'skipped'] as const) {
        totals[name] += Number(new RegExp(` ${name}="(\\d+)"`).exec(head)?.[1] ?? 0)
      }
      children.push(suites)
    }
    children.push(...failed.map(errorSuite))
    const root = element('testsuites', {name: 'piton', ...totals}, {children})
    return quiet(`<?xml version="1.0" encoding="UTF-8"?>\n${root}\n`)
  },
}

/** What is inside the root of a report of one target. Only markup begins with `<`: in texts it is escaped. */
function suitesOf({target, text}: Scanned): {readonly head: string; readonly suites: string} {
  const open = text.indexOf('<testsuites ')
  const start = text.indexOf('\n', open)
  const inside = text.slice(start + 1, text.lastIndexOf('</testsuites>')).trimEnd()
  const prefix = escaped(shorten(target, nameLength))
  return {
    head: text.slice(open, start),
    suites: inside.replace(/^<testsuite name="/gm, () => `<testsuite name="${prefix}: `),
  }
}

function errorSuite({target, code, message, hint}: Failed): string {
  const name = `${shorten(target, nameLength)}: scan`
  const words = element(
    'error',
    {message, type: code ?? 'unexpected'},
    {text: [message, ...(hint === null ? [] : [hint])]},
  )
  const testCase = element('testcase', {classname: 'piton.scan', name: 'the target can be read'}, {children: [words]})
  return element('testsuite', {name, tests: 1, failures: 0, errors: 1, skipped: 0}, {children: [testCase]})
}
