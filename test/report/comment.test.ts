import {expect, test} from 'vitest'
import type {Report} from '../../src/model/report.js'
import {markdown} from '../../src/report/comment.js'
import {codeSpan, commentText} from '../../src/report/markdown.js'
import {matchOf, ratingOf} from '../support/facts.js'
import {checkComment} from '../support/media.js'
import {findingOf, reportOf} from '../support/report.js'

async function commentOf(report: Report): Promise<string> {
  const text = await markdown.render(report, {color: false, width: 100})
  checkComment(text)
  return text
}

test('the whole comment', async () => {
  const matches = [matchOf({rating: ratingOf(9.8, {kev: true})}), matchOf({fix: {id: 'XSA-1'}, rating: ratingOf(null)})]
  expect(await commentOf(reportOf({matches}))).toBe(`## piton: 2 findings in \`app:1.2\`

🟣 1 critical · 🔴 0 high · 🟠 1 medium · 🔵 0 low · ⚪ 0 note

**Image:** linux/amd64, 2 layers  
**Base:** layer 1 of 2  
**Release:** Alpine 3.19.0; newest is 3.19.9; fixes until 2025-11-01  
**Contents:** 1 package, 0 ELF files  
**Advisories:** 7,782 for v3.19, of 2025-01-04

### What to do first

\`\`\`sh
apk add --upgrade libcrypto3 libssl3
\`\`\`

Fixes 2 findings: takes 2 packages to the newest version of the branch.

\`\`\`dockerfile
FROM alpine:3.19.9
\`\`\`

Fixes up to 2 findings: 3.19.9 is the newest v3.19, this is 3.19.0. It brings what was fixed before it came out.

### Findings (2)

| severity | finding | where | fix |
| --- | --- | --- | --- |
| critical | [CVE-2023-5678](https://security.alpinelinux.org/vuln/CVE-2023-5678), CVSS 9.8, **exploited** | \`libcrypto3\`, \`libssl3\` \`3.1.4-r2\`, from the base image | in \`3.1.4-r3\` |
| medium | \`XSA-1\`, CVSS unscored | \`libcrypto3\`, \`libssl3\` \`3.1.4-r2\`, from the base image | in \`3.1.4-r3\` |

Advisories for v3.19 are of 2025-01-04. They list fixes only: a vulnerability that Alpine has not fixed is not among the findings. Alpine v3.19 gets fixes until 2025-11-01.
`)
})

test('a comment opens the ten worst, and folds the rest by family', async () => {
  const text = await commentOf(reportOf({}, {findings: [...vulnerabilities(14), ...hardening('nginx', 7)]}))
  expect(text).toContain('### The worst (10)')
  expect(text).toContain('<summary>Vulnerabilities: the rest (4)</summary>')
  expect(text).toContain('<summary>Hardening: the rest (1)</summary>')
  expect(text).toContain(
    '| high | `PT2001` Fixed address | `nginx`: `bin/0`, `bin/1`, `bin/2` and 4 more, from the base image | Link with -pie. |',
  )
})

test('a comment stays under 65,536 characters, and says what it left out', async () => {
  const names = Array.from({length: 3}, (_, n) => ({name: '日'.repeat(90) + n, version: '1'.repeat(90)}))
  const findings = vulnerabilities(3000).map(one => ({...one, packages: names}))
  const text = await commentOf(reportOf({}, {findings: [...findings, ...hardening('nginx', 1)]}))
  expect(Buffer.byteLength(text)).toBeLessThan(65_536)
  expect(Buffer.byteLength(text)).toBeGreaterThan(60_000)
  expect(text).toMatch(/\*\*Vulnerabilities: the rest:\*\* 2,\d{3} more did not fit into this comment/)
  expect(text).toMatch(/\*\*Hardening: the rest:\*\* 1 more did not fit|Hardening: the rest \(1\)/)
  expect(text).toContain('a vulnerability that Alpine has not fixed is not among the findings')
})

test('a comment with nothing to say says so, and what that means', async () => {
  const text = await commentOf(reportOf())
  expect(text).toContain('## piton: no findings in `app:1.2`')
  expect(text).toContain('They list fixes only')
  expect(text).not.toContain('What to do first')
})

test('a comment of an incomplete scan says so at its top', async () => {
  const warnings = [{code: 'ELF_TRUNCATED', message: 'cut short', path: 'usr/lib/x.so', hides: true}]
  const text = await commentOf(reportOf({}, {complete: false, warnings}))
  expect(text).toContain('> [!WARNING]\n> **The scan is incomplete.**')
  expect(text).toContain('<summary>1 warning</summary>\n\n- `ELF_TRUNCATED` usr/lib/x.so: cut short')
})

const spans: [text: string, span: string][] = [
  ['libssl3', '`libssl3`'],
  ['@someone', '`@someone`'],
  ['<b>', '`<b>`'],
  ['a|b', '<code>a&#124;b</code>'],
  ['a`b', '<code>a&#96;b</code>'],
  [' a', '<code> a</code>'],
  ['sad\\', '`sad\\`'],
  ['', '<code></code>'],
  ['a\nb', '`a\\u{a}b`'],
]
for (const [text, span] of spans) test(`${JSON.stringify(text)} as code`, () => expect(codeSpan(text)).toBe(span))

test('a comment calls nobody and mentions no issue', () => {
  expect(commentText("Take 'x' from '@team/x' as #12, GH-3 or a_b say.")).toBe(
    "Take 'x' from `'@team/x'` as `#12,` `GH-3` or a\\_b say.",
  )
})

function vulnerabilities(number: number) {
  return Array.from({length: number}, (_, n) => findingOf({fingerprint: `${n}:1`, rule: `CVE-2024-${1000 + n}`}))
}

function hardening(owner: string, files: number) {
  return Array.from({length: files}, (_, n) =>
    findingOf({
      rule: 'PT2001',
      family: 'hardening',
      title: 'Fixed address',
      packages: [{name: owner, version: '1.0-r0'}],
      fixedVersion: null,
      path: `bin/${n}`,
      line: null,
      fix: {text: 'Link with -pie.', command: null},
    }),
  )
}
