import type {Format, Report} from '../model/report.js'
import type {Why, WhyAnswer} from '../model/why.js'
import {safeJSON} from './safe-json.js'
import {whyTable} from './why-table.js'

/** The answer to `piton why`, and the scan that it comes from. */
export interface WhyDocument extends WhyAnswer {
  readonly report: Report
}

const whyJSON: Format<WhyDocument> = {
  name: 'json',
  description: 'for programs',
  render: ({asked, meant, whys, report}) =>
    safeJSON({
      schemaVersion: 1,
      asked,
      meant,
      target: {reference: report.target.reference, name: report.target.name},
      whys: whys.map(whyDocument),
    }),
}

function whyDocument(why: Why) {
  const {package: owner, foreignPackage, layer, dockerfile} = why
  return {
    package: owner && {name: owner.name, version: owner.version, origin: owner.origin, purl: owner.purl},
    foreignPackage: foreignPackage && {name: foreignPackage.name, manager: foreignPackage.manager},
    files: why.files,
    world: why.world,
    chains: why.chains.map(chain => chain.map(({package: name, as}) => ({package: name, as}))),
    neededBy: why.neededBy.map(({package: name, as}) => ({package: name, as})),
    installedFor: why.installedFor,
    linkedBy: why.linkedBy.map(({path, package: name, library, direct}) => ({path, package: name, library, direct})),
    scripts: why.scripts,
    layer: layer && {index: layer.index, diffID: layer.diffID, createdBy: layer.createdBy, base: layer.base},
    dockerfile: dockerfile && {
      file: dockerfile.file,
      line: dockerfile.startLine,
      endLine: dockerfile.endLine,
      snippet: dockerfile.snippet,
      confidence: dockerfile.confidence,
    },
    loaded: why.loaded,
    loadedThrough: why.loadedThrough,
    findings: why.findings.map(({fingerprint, rule, severity, title}) => ({fingerprint, rule, severity, title})),
  }
}

/** Every output format of `piton why`, by the name that `--output` takes. */
export const whyFormats: ReadonlyMap<string, Format<WhyDocument>> = new Map(
  [whyTable, whyJSON].map(format => [format.name, format]),
)
