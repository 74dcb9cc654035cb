import {describe, expect, test} from 'vitest'
import {attestedDocuments} from '../../../src/policy/vex/index.js'
import {openSource} from '../../../src/source/index.js'
import {
  bundle,
  dsse,
  inToto,
  openvex,
  type Stored,
  store,
  tagIndex,
  tagManifest,
  types,
} from '../../support/attestations.js'
import {digestOf} from '../../support/images.js'
import {quick} from '../../support/pull.js'
import {
  type Auth,
  basic,
  type Content,
  contentOf,
  type Intercept,
  refuse,
  registryServer,
} from '../../support/registry-server.js'
import {file, tarOf} from '../../support/tar.js'

const app = {layers: [tarOf([file('etc/app', 'app')])]}
const arm = {layers: [tarOf([file('etc/arm', 'arm')])], architecture: 'arm64'}
const other = `sha256:${'0'.repeat(64)}`
const purl = 'pkg:oci/app'

/** A registry with the image, and an API that lists what refers to it unless that is not wanted. */
function registryWith(hasList: boolean, ...images: readonly (typeof app)[]) {
  const content: Content = {
    ...contentOf('1.0', ...(images.length > 0 ? images : [app])),
    ...(hasList && {referrers: new Map()}),
  }
  const top = digestOf(content.manifests.get('1.0')?.bytes ?? Buffer.alloc(0))
  const refer = (to: string, stored: Stored) => {
    const descriptor = store(content, {subject: to, ...stored})
    content.referrers?.set(to, [...(content.referrers.get(to) ?? []), descriptor])
    return descriptor
  }
  return {content, top, tag: top.replace(':', '-'), refer}
}

interface How {
  readonly intercept?: Intercept
  readonly auth?: Auth
  readonly env?: NodeJS.ProcessEnv
  readonly platform?: {os: string; architecture: string}
}

/** The vulnerabilities that are spoken of, and what was odd. */
async function read(content: Content, {intercept, auth, env = {HOME: '/nonexistent'}, platform}: How = {}) {
  const {image: name, seen} = await registryServer(content, auth, intercept)
  const image = await openSource(`registry:${name}:1.0`, {
    platform: platform ?? null,
    verify: false,
    registry: {env, limits: quick},
  })
  try {
    const stored = await image.attestations?.()
    if (stored === undefined) throw new Error('it is in a registry')
    const {documents, warnings} = attestedDocuments(stored)
    const paths = seen.map(({path}) => path.replace(/^.*\/(?=[^/]+\/[^/]+$)/, ''))
    return {
      ids: documents.flatMap(({statements}) => statements.map(({id}) => id)).sort(),
      warnings: [...stored.warnings, ...warnings].map(
        ({code, message}) => `${code} ${message.replaceAll(name, 'app')}`,
      ),
      paths,
      seen,
    }
  } finally {
    image.close()
  }
}

const vex = openvex('CVE-1', purl)

describe('what refers to an image is read', () => {
  const kinds: [name: string, make: (top: string) => Stored][] = [
    ['OpenVEX', () => ({document: vex, type: types.openvex, artifactType: types.openvex})],
    ['OpenVEX, by the type of its layer', () => ({document: vex, type: types.openvex})],
    [
      'OpenVEX, by the type of the artifact',
      () => ({document: vex, type: 'application/json', artifactType: types.openvex}),
    ],
    ['an in-toto statement', top => ({document: inToto(top, vex), type: types.inToto, artifactType: types.inToto})],
    ['a DSSE envelope', top => ({document: dsse(inToto(top, vex)), type: types.dsse, artifactType: types.dsse})],
    [
      'a Sigstore bundle',
      top => ({document: bundle(inToto(top, vex)), type: types.bundle, artifactType: types.bundle}),
    ],
    [
      'CycloneDX',
      () => ({
        document: {
          bomFormat: 'CycloneDX',
          specVersion: '1.6',
          vulnerabilities: [
            {id: 'CVE-1', analysis: {state: 'not_affected'}, affects: [{ref: 'pkg:apk/alpine/busybox'}]},
          ],
        },
        type: types.cyclonedx,
        artifactType: types.cyclonedx,
      }),
    ],
  ]
  for (const [name, make] of kinds) {
    test(`${name}, from the list`, async () => {
      const {content, top, refer} = registryWith(true)
      refer(top, make(top))
      expect(await read(content)).toMatchObject({ids: ['CVE-1'], warnings: []})
    })
    test(`${name}, from the tag where there is no list`, async () => {
      const {content, top, tag, refer} = registryWith(false)
      tagIndex(content, tag, [refer(top, make(top))])
      expect(await read(content)).toMatchObject({ids: ['CVE-1'], warnings: []})
    })
  }

  test('and what cosign keeps under a tag of its own', async () => {
    const {content, top, tag} = registryWith(true)
    const annotations = {predicateType: 'https://openvex.dev/ns/v0.2.0'}
    const {digest} = store(content, {document: dsse(inToto(top, openvex('CVE-2'))), type: types.dsse, annotations})
    tagManifest(content, `${tag}.att`, digest)
    expect(await read(content)).toMatchObject({ids: ['CVE-2'], warnings: []})
  })

  test('of the index and of the image for the platform, each document once', async () => {
    const {content, top, refer} = registryWith(true, app, arm)
    const index = JSON.parse(content.manifests.get(top)?.bytes.toString() ?? '')
    const [amd64, arm64] = index.manifests.map(({digest}: {digest: string}) => digest)
    const stored = (id: string, about: string) => ({document: inToto(about, openvex(id)), type: types.inToto})
    refer(top, stored('CVE-INDEX', top))
    refer(amd64, stored('CVE-AMD64', amd64))
    refer(arm64, stored('CVE-ARM64', arm64))
    refer(arm64, stored('CVE-INDEX', top))
    const {ids, warnings} = await read(content, {platform: {os: 'linux', architecture: 'arm64'}})
    expect([ids, warnings]).toEqual([['CVE-ARM64', 'CVE-INDEX'], []])
  })

  test('and what BuildKit puts into the index', async () => {
    const {content, top} = registryWith(true, app, arm)
    const index = JSON.parse(content.manifests.get(top)?.bytes.toString() ?? '')
    const [amd64, arm64] = index.manifests.map(({digest}: {digest: string}) => digest)
    for (const [about, id] of [
      [amd64, 'CVE-AMD64'],
      [arm64, 'CVE-ARM64'],
    ] as const) {
      const annotations = {'vnd.docker.reference.type': 'attestation-manifest', 'vnd.docker.reference.digest': about}
      const {blob: _, ...descriptor} = store(content, {document: inToto(about, openvex(id)), type: types.inToto})
      index.manifests.push({...descriptor, platform: {os: 'unknown', architecture: 'unknown'}, annotations})
    }
    tagIndex(content, '1.0', index.manifests)
    const {ids, warnings} = await read(content, {platform: {os: 'linux', architecture: 'amd64'}})
    expect([ids, warnings]).toEqual([['CVE-AMD64'], []])
  })

  test('with the credentials of the image, which go nowhere else', async () => {
    const {content, top, refer} = registryWith(true)
    refer(top, {document: vex, type: types.openvex})
    const env = {HOME: '/nonexistent', PITON_REGISTRY_USERNAME: 'alice', PITON_REGISTRY_PASSWORD: 's3cret'}
    const {ids, warnings} = await read(content, {auth: {kind: 'basic', userinfo: 'alice:s3cret'}, env})
    expect([ids, warnings]).toEqual([['CVE-1'], []])
  })
})

describe('what says nothing about vulnerabilities is passed over', () => {
  test('and not fetched where it says so before', async () => {
    const {content, top, refer} = registryWith(true)
    const slsa = 'https://slsa.dev/provenance/v1'
    const signature = refer(top, {
      document: {},
      type: 'application/x',
      artifactType: 'application/vnd.example.signature',
    })
    const annotated = refer(top, {
      document: inToto(top, {a: 1}, slsa),
      type: types.inToto,
      annotations: {predicateType: slsa},
    })
    refer(top, {document: inToto(top, {}, slsa), type: types.inToto})
    const {ids, warnings, paths} = await read(content)
    expect([ids, warnings]).toEqual([[], []])
    expect(paths).not.toContain(`manifests/${signature.digest}`)
    expect(paths).not.toContain(`blobs/${annotated.blob}`)
  })

  test('and so is nothing at all', async () => {
    for (const hasList of [true, false])
      expect(await read(registryWith(hasList).content)).toMatchObject({ids: [], warnings: []})
  })
})

describe('what is wrong is said, and does not keep the rest', () => {
  const good: Stored = {document: openvex('CVE-GOOD', purl), type: types.openvex}
  const wrong: [
    name: string,
    spoil: (registry: ReturnType<typeof registryWith>) => Intercept | undefined,
    said: RegExp,
  ][] = [
    [
      'an attestation about another image',
      ({top, refer}) => void refer(top, {document: inToto(other, vex), type: types.inToto}),
      /^VEX_SUBJECT attestation sha256:\w{12} of app:1\.0 is about another image, sha256:0{64}: it is passed over$/,
    ],
    [
      'an attestation about nothing',
      ({top, refer}) => void refer(top, {document: {...inToto(top, vex), subject: []}, type: types.inToto}),
      /^VEX_SUBJECT attestation .* does not say by a digest which image it is about/,
    ],
    [
      'a manifest that refers to another image',
      ({content, top}) =>
        void content.referrers?.get(top)?.push(store(content, {document: vex, type: types.openvex, subject: other})),
      /^VEX_REGISTRY .* refers to another image, sha256:0{64}: it is passed over$/,
    ],
    [
      'a document that was changed',
      ({content, top, refer}) => {
        const {blob} = refer(top, {document: vex, type: types.openvex})
        content.blobs.set(blob, Buffer.from(JSON.stringify(openvex('CVE-EVIL', purl))))
        return undefined
      },
      /^VEX_REGISTRY .* attestation sha256:\w{12} of app:1\.0 is sha256:\w+, but it should be sha256:/,
    ],
    [
      'a manifest that was changed',
      ({content, top, refer}) => {
        const {digest} = refer(top, {document: vex, type: types.openvex})
        content.manifests.set(digest, {type: types.manifest, bytes: Buffer.from('{"layers":[]}')})
        return undefined
      },
      /^VEX_REGISTRY .* but it should be sha256:/,
    ],
    [
      'a document that is gone',
      ({content, top, refer}) => void content.blobs.delete(refer(top, {document: vex, type: types.openvex}).blob),
      /^VEX_REGISTRY .* does not have attestation sha256:/,
    ],
    [
      'a document that is no JSON',
      ({top, refer}) => void refer(top, {document: Buffer.from('<vex/>'), type: types.openvex}),
      /^VEX_UNREADABLE attestation sha256:\w{12} of app:1\.0 is not JSON: it is passed over$/,
    ],
    [
      'a document of another kind',
      ({top, refer}) => void refer(top, {document: {}, type: types.openvex}),
      /^VEX_UNKNOWN attestation .* is no VEX document: it is passed over$/,
    ],
    [
      'a document that is nested without end',
      ({top, refer}) =>
        void refer(top, {document: Buffer.from(`${'['.repeat(100_000)}${']'.repeat(100_000)}`), type: types.openvex}),
      /^VEX_LIMIT attestation .* is nested more than 64 levels deep/,
    ],
    [
      'a descriptor that is none',
      ({content, top}) => void content.referrers?.get(top)?.push({artifactType: types.openvex, digest: '../../x'}),
      /^VEX_REGISTRY .* is not a digest$/,
    ],
    [
      'a size that no document has',
      ({content, top}) => {
        const {digest} = store(content, {document: vex, type: types.openvex})
        const manifest = JSON.parse(content.manifests.get(digest)?.bytes.toString() ?? '')
        manifest.layers[0].size = 2 ** 40
        const bytes = Buffer.from(JSON.stringify(manifest))
        content.manifests.set(digestOf(bytes), {type: types.manifest, bytes})
        content.referrers?.get(top)?.push({mediaType: types.manifest, digest: digestOf(bytes)})
        return undefined
      },
      /^VEX_REGISTRY .* has 1099511627776 bytes; the limit is/,
    ],
    [
      'more attestations than anybody makes',
      ({top, refer}) => {
        for (let n = 0; n < 100; n++)
          refer(top, {document: inToto(top, {n}, 'https://example.org'), type: types.inToto})
        return undefined
      },
      /^VEX_REGISTRY .* app:1\.0 has more than 64 attestations; the others are passed over$/,
    ],
    [
      'a refusal of what cosign keeps',
      () => (seen, response) => seen.path.endsWith('.att') && refuse(response, 403, 'DENIED'),
      /^VEX_REGISTRY .* does not let piton read the attestations of app:1\.0 \(403, DENIED\)$/,
    ],
  ]
  for (const [name, spoil, said] of wrong) {
    test(name, async () => {
      const registry = registryWith(true)
      registry.refer(registry.top, good)
      const intercept = spoil(registry)
      const {ids, warnings} = await read(registry.content, intercept && {intercept})
      expect(ids).toEqual(['CVE-GOOD'])
      expect(warnings).toEqual([expect.stringMatching(said)])
    })
  }

  test('a web page instead of the list: the tag is asked instead', async () => {
    const {content, top, tag, refer} = registryWith(false)
    tagIndex(content, tag, [refer(top, good)])
    const {ids, warnings} = await read(content, {
      intercept: (seen, response) =>
        seen.path.includes('/referrers/') && response.writeHead(200, {'content-type': 'text/html'}).end('<html>'),
    })
    expect(ids).toEqual(['CVE-GOOD'])
    expect(warnings).toEqual([
      expect.stringMatching(/gives a web page instead of the list of what refers to app:1\.0$/),
    ])
  })

  test('a list that never ends', async () => {
    const {content, top, refer} = registryWith(true)
    refer(top, good)
    const {ids, warnings, paths} = await read(content, {
      intercept(seen, response) {
        if (!seen.path.includes('/referrers/')) return false
        const page = Number(/page=(\d+)/.exec(seen.path)?.[1] ?? 0)
        const link = `<${seen.path.replace(/\?.*/, '')}?page=${page + 1}>; rel="next"`
        response.writeHead(200, {'content-type': types.index, link})
        return response.end(JSON.stringify({manifests: page === 0 ? content.referrers?.get(top) : []}))
      },
    })
    expect(ids).toEqual(['CVE-GOOD'])
    expect(warnings).toEqual([expect.stringMatching(/has more than 20 pages; the others are passed over$/)])
    expect(paths.filter(path => path.startsWith('referrers/'))).toHaveLength(20)
  })

  test('a list that goes on somewhere else is not followed there', async () => {
    const elsewhere = await registryServer(contentOf('1.0', app))
    const {content, top, refer} = registryWith(true)
    refer(top, good)
    const {warnings, seen} = await read(content, {
      auth: {kind: 'basic', userinfo: 'alice:s3cret'},
      env: {HOME: '/nonexistent', PITON_REGISTRY_USERNAME: 'alice', PITON_REGISTRY_PASSWORD: 's3cret'},
      intercept(seen, response) {
        if (!seen.path.includes('/referrers/') || seen.authorization === undefined) return false
        response.writeHead(200, {'content-type': types.index, link: `<${elsewhere.url}${seen.path}>; rel="next"`})
        return response.end(JSON.stringify({manifests: content.referrers?.get(top)}))
      },
    })
    expect(warnings).toEqual([expect.stringMatching(/says that the list .* goes on somewhere else$/)])
    expect(elsewhere.seen).toEqual([])
    expect(seen.some(({authorization}) => authorization === basic('alice:s3cret'))).toBe(true)
  })

  test('a registry that fails', async () => {
    const {warnings} = await read(registryWith(true).content, {
      intercept: (seen, response) => seen.path.includes('/referrers/') && refuse(response, 503, 'UNAVAILABLE'),
    })
    expect(warnings).toEqual([expect.stringMatching(/^VEX_REGISTRY VEX from the registry: 127.* fails: .*503/)])
  })
})
