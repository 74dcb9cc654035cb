import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {PitonError} from '../../src/model/errors.js'
import {parsePurl} from '../../src/model/purl.js'
import type {Finding, Suppression} from '../../src/model/report.js'
import type {JudgeContext} from '../../src/policy/judge.js'
import {vexDocuments, vexJudge} from '../../src/policy/vex/index.js'
import {purlCovers} from '../../src/policy/vex/product-match.js'
import {packageOf} from '../support/facts.js'
import {contextOf} from '../support/policy.js'
import {findingOf} from '../support/report.js'

const manifestDigest = `sha256:${'a'.repeat(64)}` as NonNullable<JudgeContext['target']['manifestDigest']>
const indexDigest = `sha256:${'c'.repeat(64)}`
const packages = ['libcrypto3', 'libssl3'].map(name =>
  packageOf({
    name,
    version: '3.1.4-r2',
    origin: 'openssl',
    purl: `pkg:apk/alpine/${name}@3.1.4-r2?arch=x86_64&distro=alpine-3.19.0&upstream=openssl`,
  }),
)
const context = contextOf({packages, target: {...contextOf().target, manifestDigest, indexDigest}})
const finding = findingOf({
  rule: 'CVE-2024-6119',
  aliases: ['GHSA-aaaa-bbbb-cccc'],
  packages: packages.map(({name, version}) => ({name, version})),
})

const openvex = (...statements: object[]) => ({
  '@context': 'https://openvex.dev/ns/v0.2.0',
  '@id': 'https://openvex.dev/docs/example/vex-1',
  author: 'Security team',
  timestamp: '2024-01-01T00:00:00Z',
  version: 1,
  statements,
})
const image = {'@id': 'pkg:oci/app?repository_url=registry.example/team/app'}
const cve = {name: 'CVE-2024-6119'}
const notAffected = {
  vulnerability: cve,
  products: [image],
  status: 'not_affected',
  justification: 'vulnerable_code_not_in_execute_path',
  impact_statement: 'The image speaks TLS as a client only.',
}

function judge(documents: readonly unknown[], about: Finding = finding, within: JudgeContext = context) {
  const read = documents.flatMap((document, n) =>
    vexDocuments(Buffer.from(JSON.stringify(document)), `${n + 1}.vex.json`),
  )
  const {suppressions, warnings} = vexJudge(read)([about], within)
  return {
    suppression: suppressions.get(about) ?? null,
    warnings: warnings.map(({code, message}) => `${code} ${message}`),
  }
}

describe('what a statement does', () => {
  const suppressed = (overrides: Partial<Suppression> = {}): Suppression => ({
    by: 'vex',
    reason: 'The image speaks TLS as a client only.',
    expires: null,
    justification: 'vulnerable_code_not_in_execute_path',
    from: '1.vex.json, statement 1',
    ...overrides,
  })
  const cases: [name: string, statement: object, becomes: Suppression | null][] = [
    ['not_affected', notAffected, suppressed()],
    [
      'not_affected, without words',
      {...notAffected, impact_statement: undefined},
      suppressed({reason: 'not affected'}),
    ],
    ['not_affected, without a code', {...notAffected, justification: undefined}, suppressed({justification: null})],
    [
      'fixed',
      {...notAffected, status: 'fixed', justification: undefined, impact_statement: undefined},
      suppressed({reason: 'fixed', justification: null}),
    ],
    ['affected', {...notAffected, status: 'affected'}, null],
    ['under_investigation', {...notAffected, status: 'under_investigation'}, null],
    ['an alias', {...notAffected, vulnerability: {name: 'GHSA-AAAA-BBBB-CCCC'}}, suppressed()],
    [
      'an alias in the statement',
      {...notAffected, vulnerability: {name: 'X-1', aliases: ['cve-2024-6119']}},
      suppressed(),
    ],
    [
      'an address of the vulnerability',
      {...notAffected, vulnerability: {'@id': 'https://nvd.nist.gov/vuln/detail/CVE-2024-6119'}},
      suppressed(),
    ],
    ['a vulnerability of 0.0.1', {...notAffected, vulnerability: 'CVE-2024-6119'}, suppressed()],
  ]
  for (const [name, statement, becomes] of cases) {
    test(name, () => expect(judge([openvex(statement)])).toEqual({suppression: becomes, warnings: []}))
  }
})

describe('which product is meant', () => {
  const sub = (...names: string[]) => names.map(name => ({'@id': `pkg:apk/alpine/${name}@3.1.4-r2`}))
  const matching: [name: string, products: readonly unknown[]][] = [
    ['the image', [image]],
    ['the image by its name alone', [{'@id': 'pkg:oci/app'}]],
    ['the image by its digest', [{'@id': `pkg:oci/app@${manifestDigest.replace(':', '%3A')}`}]],
    ['the image by the digest of its index', [{'@id': `pkg:oci/app@${indexDigest.replace(':', '%3A')}`}]],
    ['the image by a hash', [{'@id': 'https://example.org/app', hashes: {'sha-256': 'A'.repeat(64)}}]],
    ['the image by identifiers', [{'@id': 'https://example.org/app', identifiers: {purl: 'pkg:oci/app'}}]],
    ['the image by its tag', [{'@id': 'pkg:oci/app?tag=1.2'}]],
    ['the image by its platform', [{'@id': 'pkg:oci/app?arch=amd64'}]],
    ['the image where its repository is', [{'@id': 'pkg:oci/app?repository_url=registry.example/team'}]],
    ['the image for Docker', [{'@id': 'pkg:docker/team/app@1.2?repository_url=registry.example'}]],
    ['the image as a name', [{'@id': 'registry.example/team/app:1.2'}]],
    ['the image as a name without a tag', ['registry.example/team/app']],
    ['packages of the image', [{...image, subcomponents: sub('libcrypto3', 'libssl3')}]],
    [
      'packages of the image in two products',
      [
        {...image, subcomponents: sub('libcrypto3')},
        {...image, subcomponents: sub('libssl3')},
      ],
    ],
    ['packages wherever they are', sub('libcrypto3', 'libssl3')],
    ['packages as texts', ['pkg:apk/alpine/libcrypto3', 'pkg:apk/alpine/libssl3']],
    [
      'packages with qualifiers',
      sub('libcrypto3', 'libssl3').map(one => ({
        '@id': `${one['@id']}?arch=x86_64&distro=alpine-3.19&upstream=openssl`,
      })),
    ],
    [
      'packages with the release alone',
      sub('libcrypto3', 'libssl3').map(one => ({'@id': `${one['@id']}?distro=3.19.0`})),
    ],
  ]
  for (const [name, products] of matching) {
    test(name, () => {
      const {suppression, warnings} = judge([openvex({...notAffected, products})])
      expect([suppression?.by, warnings]).toEqual(['vex', []])
    })
  }

  test('subcomponents beside the products, as in 0.0.1', () => {
    const statement = {
      ...notAffected,
      products: ['pkg:oci/app'],
      subcomponents: ['pkg:apk/alpine/libssl3', 'pkg:apk/alpine/libcrypto3'],
    }
    expect(judge([openvex(statement)]).suppression?.by).toBe('vex')
  })

  test('one of two packages is not enough: the other still has it', () => {
    const {suppression, warnings} = judge([openvex({...notAffected, products: sub('libssl3')})])
    expect([suppression, warnings]).toEqual([null, []])
  })

  const other: [name: string, products: readonly unknown[]][] = [
    ['another image', [{'@id': 'pkg:oci/web'}]],
    ['another repository', [{'@id': 'pkg:oci/app?repository_url=other.example/team/app'}]],
    ['another digest', [{'@id': `pkg:oci/app@sha256%3A${'b'.repeat(64)}`}]],
    ['another tag', [{'@id': 'pkg:oci/app?tag=1.3'}]],
    ['another platform', [{'@id': 'pkg:oci/app?arch=arm64'}]],
    ['another namespace', [{'@id': 'pkg:docker/other/app'}]],
    ['another distribution', ['pkg:apk/wolfi/libcrypto3', 'pkg:apk/wolfi/libssl3']],
    ['another version', ['pkg:apk/alpine/libcrypto3@1', 'pkg:apk/alpine/libssl3@1']],
    ['another architecture', ['pkg:apk/alpine/libcrypto3?arch=aarch64', 'pkg:apk/alpine/libssl3?arch=aarch64']],
    ['another release', ['pkg:apk/alpine/libcrypto3?distro=alpine-3.1', 'pkg:apk/alpine/libssl3?distro=alpine-3.1']],
    ['other packages of the image', [{...image, subcomponents: sub('zlib')}]],
    ['a subcomponent that is no purl', [{...image, subcomponents: [{'@id': 'openssl'}]}]],
    ['a product that is nothing', [{}]],
    ['no product', []],
  ]
  for (const [name, products] of other) {
    test(`${name} is not meant, which is a warning`, () => {
      const {suppression, warnings} = judge([openvex({...notAffected, products})])
      expect(suppression).toBeNull()
      expect(warnings).toEqual([
        expect.stringMatching(
          /^VEX_UNUSED 1\.vex\.json, statement 1 \(CVE-2024-6119, not_affected\) matches nothing: it is about/,
        ),
      ])
    })
  }

  test('another vulnerability is a warning, where vulnerabilities were looked for', () => {
    const document = openvex({...notAffected, vulnerability: {name: 'CVE-1999-1'}})
    expect(judge([document]).warnings).toEqual([
      'VEX_UNUSED 1.vex.json, statement 1 (CVE-1999-1, not_affected) matches nothing: there is no such finding',
    ])
    expect(judge([document], finding, {...context, asked: new Set(['PT2001'])}).warnings).toEqual([])
  })

  test('an image without a name is known by its digest', () => {
    const nameless = {...context, target: {...context.target, name: null}}
    expect(judge([openvex(notAffected)], finding, nameless).suppression).toBeNull()
    const statement = {...notAffected, products: [{hashes: {'sha-256': 'a'.repeat(64)}}]}
    expect(judge([openvex(statement)], finding, nameless).suppression?.by).toBe('vex')
  })
})

describe('statements that contradict', () => {
  const at = (timestamp: string | undefined, status: string) => ({...notAffected, status, timestamp})
  const cases: [name: string, statements: readonly object[], by: string | undefined, said: RegExp | null][] = [
    [
      'the newer takes out',
      [at('2024-01-01T00:00:00Z', 'affected'), at('2024-02-01T00:00:00Z', 'not_affected')],
      'vex',
      /statement 2 says not_affected \(2024-02-01\), .*statement 1 says affected \(2024-01-01\): the newer one counts/,
    ],
    [
      'the newer keeps',
      [at('2024-03-01T00:00:00Z', 'affected'), at('2024-02-01T00:00:00Z', 'not_affected')],
      undefined,
      /says affected \(2024-03-01\).*the newer one counts/,
    ],
    [
      'none is newer',
      [at(undefined, 'not_affected'), at(undefined, 'affected')],
      undefined,
      /neither is newer, so the careful one counts/,
    ],
    [
      'it was looked into before',
      [at('2024-01-01T00:00:00Z', 'under_investigation'), at('2024-02-01T00:00:00Z', 'not_affected')],
      'vex',
      null,
    ],
    [
      'it is looked into again',
      [at('2024-02-01T00:00:00Z', 'under_investigation'), at('2024-01-01T00:00:00Z', 'not_affected')],
      undefined,
      /says under_investigation/,
    ],
    ['both take out', [at('2024-01-01T00:00:00Z', 'fixed'), at('2024-02-01T00:00:00Z', 'not_affected')], 'vex', null],
    [
      'an update of an old one',
      [
        {...at('2023-01-01T00:00:00Z', 'affected'), last_updated: '2025-01-01T00:00:00Z'},
        at('2024-02-01T00:00:00Z', 'not_affected'),
      ],
      undefined,
      /says affected \(2025-01-01\)/,
    ],
  ]
  for (const [name, statements, by, said] of cases) {
    test(name, () => {
      const {suppression, warnings} = judge([openvex(...statements)])
      expect(suppression?.by).toBe(by)
      if (said === null) expect(warnings).toEqual([])
      else expect(warnings[0]).toMatch(said)
    })
  }

  test('also between documents, and where they stand in', () => {
    const old = {...openvex({...notAffected, status: 'affected'}), timestamp: '2020-01-01T00:00:00Z'}
    const {suppression, warnings} = judge([old, openvex(notAffected)])
    expect(suppression?.from).toBe('2.vex.json, statement 1')
    expect(warnings.join()).toMatch(
      /2\.vex\.json, statement 1 says not_affected \(2024-01-01\), 1\.vex\.json, statement 1 says affected \(2020-01-01\)/,
    )
  })
})

describe('statements that say too little', () => {
  const cases: [name: string, statement: object, said: RegExp][] = [
    [
      'not affected, without a reason',
      {...notAffected, justification: '', impact_statement: undefined},
      /statement 1 says that something is not affected, and not why/,
    ],
    ['no status', {...notAffected, status: 'maybe'}, /statement 1 has no status: maybe/],
    ['no vulnerability', {...notAffected, vulnerability: undefined}, /statement 1 names no vulnerability/],
  ]
  for (const [name, statement, said] of cases) {
    test(`${name}: passed over, and said`, () => {
      const {suppression, warnings} = judge([openvex(statement)])
      expect([suppression, warnings]).toEqual([null, [expect.stringMatching(said)]])
    })
  }
})

describe('CycloneDX', () => {
  const refs = ['libcrypto3', 'libssl3']
  const bom = (analysis: object, more: object = {}) => ({
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: 'urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79',
    components: refs.map(ref => ({type: 'library', 'bom-ref': ref, name: ref, purl: `pkg:apk/alpine/${ref}@3.1.4-r2`})),
    vulnerabilities: [{id: 'CVE-2024-6119', analysis, affects: refs.map(ref => ({ref}))}],
    ...more,
  })
  const root = (name: string) => ({metadata: {component: {type: 'container', 'bom-ref': 'root', name}}})
  const detail = {state: 'not_affected', justification: 'code_not_reachable', detail: 'Client only.'}
  const cases: [name: string, document: object, by: string | undefined][] = [
    ['not_affected', bom(detail), 'vex'],
    ['false_positive', bom({state: 'false_positive'}), 'vex'],
    ['resolved', bom({state: 'resolved'}), 'vex'],
    ['exploitable', bom({state: 'exploitable'}), undefined],
    ['in_triage', bom({state: 'in_triage'}), undefined],
    ['its image', bom(detail, root('registry.example/team/app:1.1')), 'vex'],
    [
      'the image as a whole',
      bom(detail, {
        ...root('registry.example/team/app:1.1'),
        vulnerabilities: [{id: 'CVE-2024-6119', analysis: detail, affects: [{ref: 'root'}]}],
      }),
      'vex',
    ],
    [
      'purls as references',
      bom(detail, {
        components: [],
        vulnerabilities: [{id: 'CVE-2024-6119', analysis: detail, affects: packages.map(({purl}) => ({ref: purl}))}],
      }),
      'vex',
    ],
    [
      'BOM-Links',
      bom(detail, {
        vulnerabilities: [
          {
            id: 'CVE-2024-6119',
            analysis: detail,
            affects: refs.map(ref => ({ref: `urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1#${ref}`})),
          },
        ],
      }),
      'vex',
    ],
    [
      'an alias',
      bom(detail, {
        vulnerabilities: [
          {id: 'X-1', references: [{id: 'CVE-2024-6119'}], analysis: detail, affects: refs.map(ref => ({ref}))},
        ],
      }),
      'vex',
    ],
  ]
  for (const [name, document, by] of cases) {
    test(name, () => {
      const {suppression, warnings} = judge([document])
      expect([suppression?.by, warnings]).toEqual([by, []])
    })
  }

  test('the justification and the words are kept', () => {
    expect(judge([bom(detail)]).suppression).toEqual({
      by: 'vex',
      reason: 'Client only.',
      expires: null,
      justification: 'code_not_reachable',
      from: '1.vex.json, vulnerability 1',
    })
  })

  test('another image is not meant', () => {
    const {suppression, warnings} = judge([bom(detail, root('web:1'))])
    expect(suppression).toBeNull()
    expect(warnings[0]).toMatch(/matches nothing/)
  })

  test('what nobody has analysed says nothing', () => {
    expect(judge([bom(detail, {vulnerabilities: [{id: 'CVE-2024-6119', affects: []}]})])).toEqual({
      suppression: null,
      warnings: [],
    })
  })
})

describe('attestations', () => {
  const statement = (predicate: object, digest = 'a'.repeat(64)) => ({
    _type: 'https://in-toto.io/Statement/v1',
    predicateType: 'https://openvex.dev/ns/v0.2.0',
    subject: [{name: 'registry.example/team/app', digest: {sha256: digest}}],
    predicate,
  })
  const {products: _, ...bare} = notAffected
  const envelope = (inner: object) => ({
    payloadType: 'application/vnd.in-toto+json',
    payload: Buffer.from(JSON.stringify(inner)).toString('base64'),
    signatures: [],
  })
  test('what an attestation is about is the product of statements without any', () => {
    expect(judge([statement(openvex(bare))]).suppression?.by).toBe('vex')
    expect(judge([statement(openvex(bare), 'b'.repeat(64))]).suppression).toBeNull()
  })
  test('in an envelope', () => expect(judge([envelope(statement(openvex(bare)))]).suppression?.by).toBe('vex'))
  test('envelopes in envelopes end', () => {
    const nested = envelope(envelope(envelope(envelope(openvex(notAffected)))))
    expect(() => judge([nested])).toThrow(/is no VEX document/)
  })

  test('a bundle around the envelope is opened as well', () => {
    const {suppression, warnings} = judge([{dsseEnvelope: envelope(openvex(notAffected))}])
    expect([suppression?.by, warnings]).toEqual(['vex', []])
  })

  test('what is nested too deep is refused before anything walks through it', () => {
    const status = JSON.parse(`${'['.repeat(100)}${']'.repeat(100)}`)
    expect(() => judge([openvex({...notAffected, status})])).toThrow(/is nested more than 64 levels deep/)
  })
})

test('what would be too many values is refused before they are made', () => {
  const products = `[${'{},'.repeat(2_499_990)}{}]`
  const text = JSON.stringify(openvex({...notAffected, products: []})).replace('[]', products)
  expect(() => vexDocuments(Buffer.from(text), 'app.json')).toThrow(/^app\.json has more than 2500000 values$/)
})

test('of many statements that match nothing some are said, and how many more there are', () => {
  const others = Array.from({length: 1_000}, (_, n) => ({...notAffected, vulnerability: {name: `CVE-1999-${n}`}}))
  const {warnings} = judge([openvex(...others)])
  expect(warnings).toHaveLength(200)
  expect(warnings[0]).toMatch(/statement 1 .*matches nothing/)
  expect(warnings.at(-1)).toMatch(/statement 200 .*\(and 800 more warnings like it\)$/)
})

describe('what is no VEX document', () => {
  const cases: [name: string, text: string, said: RegExp][] = [
    ['no JSON', 'hello', /app\.json is not JSON/],
    ['nothing', '', /app\.json is not JSON/],
    ['another document', '{"bomFormat": "SPDX"}', /app\.json is no VEX document/],
    ['a number', '3', /app\.json is no VEX document/],
    ['CSAF', '{"document": {"csaf_version": "2.0"}}', /app\.json is CSAF, which piton does not read/],
  ]
  for (const [name, text, said] of cases) {
    test(`${name}: a sentence`, () => expect(() => vexDocuments(Buffer.from(text), 'app.json')).toThrow(said))
  }

  test('whatever stands in one, reading it ends in documents or in an error of ours', () => {
    const value = fc.jsonValue({maxDepth: 3})
    const keys = ['vulnerability', 'products', 'status', 'timestamp', 'justification', 'subcomponents'] as const
    const statement = fc.record(Object.fromEntries(keys.map(key => [key, value])), {requiredKeys: []})
    fc.assert(
      fc.property(fc.array(fc.oneof(statement, value)), fc.boolean(), (statements, cyclonedx) => {
        const document = cyclonedx
          ? {bomFormat: 'CycloneDX', vulnerabilities: statements, components: statements}
          : openvex(...(statements as object[]))
        try {
          vexJudge(vexDocuments(Buffer.from(JSON.stringify(document)), 'a'))([finding], context)
        } catch (error) {
          expect(error).toBeInstanceOf(PitonError)
        }
      }),
      {numRuns: 300},
    )
  })
})

test('a purl without version and qualifiers covers all of its kind', () => {
  const covers = (stated: string, actual: string) => {
    const [a, b] = [stated, actual].map(parsePurl)
    return a != null && b != null && purlCovers(a, b)
  }
  expect(covers('pkg:apk/alpine/libssl3', 'pkg:apk/alpine/libssl3@1?arch=x86_64')).toBe(true)
  expect(covers('pkg:apk/alpine/libssl3?foo=bar', 'pkg:apk/alpine/libssl3@1?arch=x86_64')).toBe(false)
  expect(covers('pkg:apk/alpine/musl?upstream=musl', 'pkg:apk/alpine/musl@1')).toBe(true)
  expect(covers('pkg:apk/alpine/libssl3', 'pkg:apk/alpine/libssl')).toBe(false)
})
