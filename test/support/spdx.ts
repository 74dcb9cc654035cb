import {Ajv} from 'ajv'

const text = {type: 'string', minLength: 1}
const id = {type: 'string', pattern: '^SPDXRef-[A-Za-z0-9.-]+$'}

function object(required: Record<string, object>, optional: Record<string, object> = {}) {
  return {
    type: 'object',
    properties: {...required, ...optional},
    required: Object.keys(required),
    additionalProperties: false,
  }
}

function list(items: object) {
  return {type: 'array', items}
}

/**
 * What SPDX 2.3 demands of the fields that piton writes, clause by clause. The official schema comes in no npm package;
 * this is narrower: it holds the grammar of identifiers, dates, agents and locators too, and knows no other field.
 */
const schema = object({
  spdxVersion: {const: 'SPDX-2.3'}, // 6.1
  dataLicense: {const: 'CC0-1.0'}, // 6.2
  SPDXID: {const: 'SPDXRef-DOCUMENT'}, // 6.3
  name: text, // 6.4
  documentNamespace: {type: 'string', pattern: '^https://[^#\\s]+$'}, // 6.5
  creationInfo: object({
    creators: {...list({type: 'string', pattern: '^Tool: .'}), minItems: 1}, // 6.8
    created: {type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}Z$'}, // 6.9
  }),
  comment: text, // 6.11
  packages: list(
    object(
      {
        name: text, // 7.1
        SPDXID: id, // 7.2
        downloadLocation: {const: 'NOASSERTION'}, // 7.7
        filesAnalyzed: {const: false}, // 7.8
      },
      {
        versionInfo: {type: 'string'}, // 7.3
        supplier: {type: 'string', pattern: '^(NOASSERTION|Organization: [^()\\n]+)$'}, // 7.5
        checksums: list(
          object({
            algorithm: {enum: ['SHA256', 'SHA512']},
            checksumValue: {type: 'string', pattern: '^[0-9a-f]+$'},
          }),
        ), // 7.10
        homepage: {type: 'string', pattern: '^https?://\\S+$'}, // 7.11
        sourceInfo: text, // 7.12
        licenseDeclared: text, // 7.15
        description: text, // 7.19
        externalRefs: list(
          object(
            {
              referenceCategory: {enum: ['SECURITY', 'PACKAGE-MANAGER']},
              referenceType: {enum: ['purl', 'advisory']},
              referenceLocator: {type: 'string', pattern: '^\\S+$'},
            },
            {comment: text},
          ),
        ), // 7.21
        primaryPackagePurpose: {enum: ['CONTAINER', 'OPERATING_SYSTEM', 'FILE']}, // 7.24
      },
    ),
  ),
  hasExtractedLicensingInfos: list(
    object({
      licenseId: {type: 'string', pattern: '^LicenseRef-[A-Za-z0-9.-]+$'}, // 10.1
      name: text, // 10.3
      extractedText: text, // 10.2
    }),
  ),
  relationships: list(
    object({
      spdxElementId: id,
      relationshipType: {enum: ['DESCRIBES', 'CONTAINS', 'DEPENDS_ON']},
      relatedSpdxElement: id,
    }),
  ), // 11.1
})

const validate = new Ajv({allErrors: true}).compile(schema)

/** What is wrong with an SPDX document. */
export function spdxProblems(document: unknown): readonly string[] {
  validate(document)
  return (validate.errors ?? []).map(({instancePath, message}) => `${instancePath} ${message}`)
}
