import {Dependencies} from '../model/dependencies.js'
import {projectURL} from '../model/project.js'
import type {Report, Reporter} from '../model/report.js'
import {nilUUID, withContentUUID} from './content-uuid.js'
import {licenceReader} from './licence.js'
import {noticeOf} from './notice.js'
import {Items, safeJSONPieces} from './safe-json.js'
import {ExtractedLicences} from './spdx-licences.js'
import {type DescribedPackages, packagesOf, rootID} from './spdx-packages.js'
import {warningText} from './warning-text.js'

const documentID = 'SPDXRef-DOCUMENT'

/**
 * The packages as SPDX 2.3, with links to the advisories that they have not reached. The specification demands a time:
 * it is the beginning of the day that the scan measured against, so that the same scan is the same document.
 */
export const spdx: Reporter = {
  name: 'spdx',
  description: 'bill of materials, SPDX 2.3 JSON',
  render: async report => [...(await piecesOf(report))].join(''),
  pieces: piecesOf,
}

async function piecesOf(report: Report): Promise<Iterable<string>> {
  const licences = new ExtractedLicences(await licenceReader())
  const packages = packagesOf(report, licences)
  const document = {
    spdxVersion: 'SPDX-2.3',
    dataLicense: 'CC0-1.0',
    SPDXID: documentID,
    documentNamespace: `${projectURL}/spdx/${nilUUID}`,
    name: report.target.name || report.target.reference,
    creationInfo: {
      created: `${report.today}T00:00:00Z`,
      creators: [`Tool: ${report.tool.name}-${report.tool.version}`],
    },
    comment: commentOf(report),
    packages: packages.list,
    hasExtractedLicensingInfos: licences.list(),
    relationships: relationshipsOf(report, packages),
  }
  return withContentUUID(() => safeJSONPieces(document))
}

function commentOf(report: Report): string {
  const warnings = report.warnings.map(warning => `Warning ${warning.code}: ${warningText(warning)}`)
  return [...noticeOf(report), ...warnings].join('\n')
}

function relationshipsOf({packages}: Report, {ids, idOf}: DescribedPackages) {
  const dependencies = new Dependencies(packages)
  const relations: readonly (readonly [from: string, type: string, to: string])[] = [
    [documentID, 'DESCRIBES', rootID],
    ...ids.map(id => [rootID, 'CONTAINS', id] as const),
    ...packages.flatMap(one => dependencies.of(one).map(({on}) => [idOf(one), 'DEPENDS_ON', idOf(on)] as const)),
  ]
  return new Items(relations, relation => relationship(...relation))
}

function relationship(spdxElementId: string, relationshipType: string, relatedSpdxElement: string) {
  return {spdxElementId, relationshipType, relatedSpdxElement}
}
