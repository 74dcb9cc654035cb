import {Dependencies} from '../model/dependencies.js'
import {projectURL} from '../model/project.js'
import type {Report, Reporter} from '../model/report.js'
import {nilUUID, withContentUUID} from './content-uuid.js'
import {componentsOf, type NamedComponents, propertiesOf, rootComponent, rootRef} from './cyclonedx-components.js'
import {vulnerabilitiesOf} from './cyclonedx-vulnerabilities.js'
import {licenceReader} from './licence.js'
import {noticeOf} from './notice.js'
import {Items, safeJSONPieces} from './safe-json.js'
import {warningText} from './warning-text.js'

/**
 * The packages and their vulnerabilities as CycloneDX 1.6. It has no time, and its serial number is made from what it
 * says: the same scan is the same document. `@cyclonedx/cyclonedx-library` judges it in the tests; written with it, a
 * large image takes two to four times as long, and packages of equal names get random ones.
 */
export const cyclonedx: Reporter = {
  name: 'cyclonedx',
  description: 'bill of materials, CycloneDX 1.6 JSON',
  render: async report => [...(await piecesOf(report))].join(''),
  pieces: piecesOf,
}

async function piecesOf(report: Report): Promise<Iterable<string>> {
  const components = componentsOf(report, await licenceReader())
  const document = {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${nilUUID}`,
    version: 1,
    metadata: metadataOf(report),
    components: components.list,
    dependencies: graphOf(report, components),
    ...(!report.complete && {compositions: [{aggregate: 'incomplete', assemblies: [rootRef]}]}),
    vulnerabilities: vulnerabilitiesOf(report, components),
  }
  return withContentUUID(() => safeJSONPieces(document))
}

function metadataOf(report: Report) {
  const {tool, database} = report
  return {
    lifecycles: [{phase: 'post-build'}],
    tools: {
      components: [
        {
          type: 'application',
          name: tool.name,
          version: tool.version,
          externalReferences: [{type: 'website', url: projectURL}],
        },
      ],
    },
    component: rootComponent(report),
    properties: propertiesOf([
      ...(database ? [['database:date', database.date] as const] : []),
      ...noticeOf(report).map(sentence => ['notice', sentence] as const),
      ...report.warnings.map(warning => ['warning', `${warning.code}: ${warningText(warning)}`] as const),
    ]),
  }
}

/** The target holds every package; a package needs others. */
function graphOf(report: Report, {refs, refOf}: NamedComponents) {
  const dependencies = new Dependencies(report.packages)
  return new Items([null, ...report.packages], one => {
    if (one === null) return {ref: rootRef, dependsOn: refs}
    return {ref: refOf(one), dependsOn: dependencies.of(one).map(({on}) => refOf(on))}
  })
}
