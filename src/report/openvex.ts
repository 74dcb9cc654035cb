import {createHash} from 'node:crypto'
import {imageRepository} from '../model/image-name.js'
import {formatPurl} from '../model/purl.js'
import type {Finding, Report, Reporter} from '../model/report.js'
import {compareText} from '../model/text.js'
import {packageFinder} from './inventory.js'
import {safeJSON} from './safe-json.js'

/**
 * What a team decided, and what Alpine says of vulnerabilities that do not concern its packages, as OpenVEX 0.2.0: for
 * `--vex`, and for other scanners. The same decisions on the same day are the same document.
 * @see https://github.com/openvex/spec/blob/main/OPENVEX-SPEC.md
 */
export const openvex: Reporter = {
  name: 'openvex',
  description: 'decisions of the ignore list, for other scanners, OpenVEX 0.2.0',
  render(report) {
    const statements = [...ignored(report), ...rejected(report)].sort(byVulnerability)
    const hash = createHash('sha256')
      .update(JSON.stringify([report.today, statements]))
      .digest('hex')
    return safeJSON({
      '@context': 'https://openvex.dev/ns/v0.2.0',
      '@id': `https://openvex.dev/docs/public/vex-${hash}`,
      author: report.tool.name,
      role: 'Document Creator',
      timestamp: `${report.today}T00:00:00Z`,
      version: 1,
      tooling: `${report.tool.name} ${report.tool.version}`,
      statements,
    })
  },
}

interface Statement {
  readonly vulnerability: {readonly name: string; readonly aliases?: readonly string[]}
  readonly products: readonly object[]
  readonly status: 'not_affected' | 'affected'
  readonly justification?: string
  /** Beside a justification there may be none: the specification takes one or the other. */
  readonly impact_statement?: string
  readonly status_notes?: string
  readonly action_statement?: string
}

/** An ignore that names a justification says "not affected"; any other says "affected, and we know". */
function ignored(report: Report): Statement[] {
  const packagesOf = packageFinder(report.packages)
  return report.suppressed.flatMap((finding): Statement[] => {
    const {family, suppressed, rule, aliases} = finding
    if (family !== 'vulnerability' || suppressed?.by !== 'ignore') return []
    const {reason, expires, justification} = suppressed
    const vulnerability = vulnerabilityOf(rule, aliases)
    const products = productsOf(
      report,
      packagesOf(finding).map(({purl}) => purl),
    )
    if (products.length === 0) return []
    return [
      justification === null
        ? {vulnerability, products, status: 'affected', action_statement: actionOf(finding, reason, expires)}
        : {vulnerability, products, status: 'not_affected', justification, status_notes: reason},
    ]
  })
}

/** Of an affected product the specification wants to know what is done about it. */
function actionOf({fix}: Finding, reason: string, expires: string | null): string {
  const until = expires === null ? '' : ` This holds until ${expires}.`
  return `Accepted: ${reason}${/[.!?]$/.test(reason) ? '' : '.'}${until} ${fix.text}`
}

function rejected(report: Report): Statement[] {
  return report.rejected.map(({id, aliases, origin, packages}) => ({
    vulnerability: vulnerabilityOf(id, aliases),
    products: productsOf(
      report,
      packages.map(({purl}) => purl),
    ),
    status: 'not_affected',
    impact_statement: `Alpine's security database says that ${origin} is not affected.`,
  }))
}

function vulnerabilityOf(name: string, aliases: readonly string[]): Statement['vulnerability'] {
  return aliases.length === 0 ? {name} : {name, aliases}
}

/** A decision is about an image whichever build of it that is, so that neither tag nor digest stand in it. */
function productsOf({target}: Report, purls: readonly string[]): object[] {
  const components = [...new Set(purls)].sort(compareText).map(purl => ({'@id': purl}))
  const repository = imageRepository(target.name)
  if (components.length === 0 || repository === '') return components
  const purl = formatPurl({
    type: 'oci',
    name: repository.slice(repository.lastIndexOf('/') + 1).toLowerCase(),
    version: '',
    qualifiers: {repository_url: repository.includes('/') ? repository : ''},
  })
  return [{'@id': purl, subcomponents: components}]
}

function byVulnerability(a: Statement, b: Statement): number {
  return (
    compareText(a.vulnerability.name, b.vulnerability.name) ||
    compareText(JSON.stringify(a.products), JSON.stringify(b.products))
  )
}
