import {ruleURL} from '../model/project.js'
import type {Finding} from '../model/report.js'
import type {Rule} from '../model/rule.js'
import {codeBlock, helpMarkdown, markdownText} from './markdown.js'
import {messageText} from './sarif-text.js'

/** What GitHub shows of a rule. `markdown` is shown in place of `text`. */
export interface Words {
  readonly short: string
  readonly full: string
  readonly url: string
  readonly text: string
  readonly markdown: string
}

/** A command that nobody reads is better left out than cut: half of one does something else. */
const commandLength = 1000

/** A rule that stands for one vulnerability in one origin package. */
export function vulnerabilityWords(finding: Finding): Words {
  const {rule: id, fixedVersion, cvss, kev, fix} = finding
  const origin = finding.origin ?? 'unknown'
  const [rating] = cvss
  const facts: readonly (readonly [label: string, value: string])[] = [
    ['Package', origin],
    ['Fixed in', fixedVersion ?? 'unknown'],
    ['Score', rating ? `${rating.score.toFixed(1)}, CVSS ${rating.version}, from ${rating.source}` : 'unscored'],
    ...(rating ? [['Vector', rating.vector] as const] : []),
    ...(kev ? [['Known to be exploited', 'yes'] as const] : []),
  ]
  const command = commandOf(finding)
  return {
    short: `${id} in ${origin}.`,
    full: `Versions of the Alpine package '${origin}' before '${fixedVersion}' have '${id}'.`,
    url: /^CVE-\d{4}-\d{4,}$/.test(id) ? `https://security.alpinelinux.org/vuln/${id}` : ruleURL('vulnerability'),
    text: messageText(`${facts.map(([label, value]) => `${label}: ${value}.`).join(' ')} ${fix.text}`),
    markdown: [
      `### ${markdownText(`${id} in ${origin}`)}`,
      facts.map(([label, value]) => `- **${label}:** ${markdownText(value)}`).join('\n'),
      markdownText(fix.text),
      ...(command === null ? [] : [codeBlock(command, 'sh')]),
    ].join('\n\n'),
  }
}

/** A rule of piton's own: its help, or the finding's words where the rule is not at hand. */
export function ruleWords(finding: Finding, rule: Rule | undefined): Words {
  const url = ruleURL(finding.ruleID)
  if (rule === undefined) {
    const {title, message, fix} = finding
    const markdown = `### ${markdownText(title)}\n\n${markdownText(`${message} ${fix.text}`)}`
    return {short: `${title}.`, full: message, url, text: messageText(`${message} ${fix.text}`), markdown}
  }
  const {title, help} = rule
  return {
    short: finding.raisedBy === null ? `${title}.` : `${title} (raised by ${finding.raisedBy}).`,
    full: help.why,
    url,
    text: messageText(`${help.why} ${help.fix}`),
    markdown: [`### ${title}`, ...helpMarkdown(help)].join('\n\n'),
  }
}

/** What to do, at the end of a message. */
export function remedyText(finding: Finding): string {
  const command = commandOf(finding)
  return command === null ? finding.fix.text : `Fix: '${command}'.`
}

function commandOf({fix}: Finding): string | null {
  return fix.command !== null && fix.command.length <= commandLength ? fix.command : null
}
