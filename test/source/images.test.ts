import {gzipSync} from 'node:zlib'
import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {PitonError} from '../../src/model/errors.js'
import type {Image} from '../../src/model/image.js'
import {limits} from '../../src/model/limits.js'
import {type Collector, mergeLayers} from '../../src/rootfs/index.js'
import {openSource} from '../../src/source/index.js'
import {parsePlatform} from '../../src/source/platform.js'
import {temporaryFile, temporaryFolder, writeFiles} from '../support/files.js'
import {configOf, digestOf, dockerArchive, type ImageParts, ociArchive, ociFiles} from '../support/images.js'
import {treeOf} from '../support/layers.js'
import {file, pax, symlink, type TarItem, tarOf} from '../support/tar.js'

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value))
const layer = (body: string): Buffer => tarOf([file('which', body)])
const only = (body: string, more: Partial<ImageParts> = {}): ImageParts => ({layers: [layer(body)], ...more})
const blobOf = (bytes: Uint8Array): string => `blobs/sha256/${digestOf(bytes).slice(7)}`

const content: Collector<string> = {
  name: 'content',
  wants: () => true,
  limitBytes: 1000,
  read: body => Buffer.from(body.read(0, 1000)).toString(),
}

interface Open {
  readonly platform?: string
  readonly verify?: boolean
  readonly spoolBytes?: number
}

async function opened<T>(target: string, {platform, verify = false, ...more}: Open, use: (image: Image) => Promise<T>) {
  const image = await openSource(target, {platform: platform ? parsePlatform(platform) : null, verify, ...more})
  try {
    return await use(image)
  } finally {
    image.close()
  }
}

/** The files of the view, as `which = body`. */
function contents(target: string, options: Open = {}): Promise<string[]> {
  return opened(target, options, async image => treeOf(await mergeLayers(image, [content], () => {}), content))
}

function refusal(target: string, options: Open = {}): Promise<PitonError> {
  return contents(target, options).then(
    tree => Promise.reject(new Error(`was read: ${tree}`)),
    error => {
      if (error instanceof PitonError) return error
      throw error
    },
  )
}

describe('platforms', () => {
  const host = process.arch === 'arm64' ? 'arm64' : 'amd64'
  const other = host === 'amd64' ? 'arm64' : 'amd64'
  const linux = (architecture: string, variant?: string): ImageParts =>
    only(variant === undefined ? architecture : `${architecture}/${variant}`, {
      architecture,
      ...(variant === undefined ? {} : {variant}),
    })
  const cases: [offered: ImageParts[], asked: string | undefined, taken: string | RegExp][] = [
    [[linux(host), linux(other)], undefined, host],
    [[linux(other)], undefined, other],
    [[linux(host), linux(other)], `linux/${other}`, other],
    [[linux('amd64'), linux('arm64')], 'arm64', 'arm64'],
    [[linux('amd64'), linux('arm64')], 'linux/x86_64', 'amd64'],
    [[linux('amd64'), linux('arm64')], 'linux/arm64/v8', 'arm64'],
    [[linux('arm', 'v6'), linux('arm', 'v7')], 'linux/arm/v6', 'arm/v6'],
    [[linux('arm', 'v6'), linux('arm', 'v7')], 'linux/arm/v7', 'arm/v7'],
    [[linux('arm', 'v6'), linux('arm', 'v7')], 'linux/arm', 'arm/v7'],
    [[linux('arm', 'v5'), linux('arm', 'v6')], 'linux/arm/v7', 'arm/v6'],
    [[linux('arm', 'v7')], 'linux/arm/v6', /no image for linux\/arm\/v6/],
    [[linux('amd64'), linux('arm64')], 'linux/s390x', /no image for linux\/s390x/],
    [[linux('amd64')], 'windows/amd64', /no image for windows\/amd64/],
    [[linux('s390x'), linux('riscv64')], undefined, /no image for linux/],
  ]
  for (const [offered, asked, taken] of cases) {
    const names = offered.map(({architecture, variant}) => [architecture, variant].filter(Boolean).join('/'))
    test(`of ${names.join(', ')}, ${asked ?? 'nothing'} asked: ${taken}`, async () => {
      const target = temporaryFile(ociArchive(...offered))
      const options = asked === undefined ? {} : {platform: asked}
      if (typeof taken === 'string') expect(await contents(target, options)).toEqual([`which = ${taken}`])
      else expect(await refusal(target, options)).toMatchObject({message: expect.stringMatching(taken)})
    })
  }

  test('the refusal says what there is', async () => {
    const error = await refusal(temporaryFile(ociArchive(linux('amd64'), linux('arm', 'v7'))), {
      platform: 'linux/s390x',
    })
    expect(error).toMatchObject({
      code: 'IMAGE_NO_PLATFORM',
      hint: expect.stringMatching(/linux\/amd64.*linux\/arm\/v7/),
    })
  })
})

describe('tags', () => {
  const two = dockerArchive(
    only('one', {tags: ['app:1.0']}),
    only('two', {tags: ['registry.example/team/app:2.0', 'app:latest']}),
  )
  const oci = ociArchive(only('one', {tags: ['1.0']}), only('two', {tags: ['2.0']}))
  const cases: [name: string, bytes: Buffer, scheme: string, select: string, taken: string | RegExp][] = [
    ['the whole name', two, 'docker-archive', ':app:1.0', 'one'],
    ['the tag alone', two, 'docker-archive', ':1.0', 'one'],
    ['without the registry', two, 'docker-archive', ':team/app:2.0', 'two'],
    ['with the registry', two, 'docker-archive', ':registry.example/team/app:2.0', 'two'],
    ['latest is left out', two, 'docker-archive', ':app', 'two'],
    ['a name that is not there', two, 'docker-archive', ':app:3.0', /has no image app:3\.0/],
    ['none of two', two, 'docker-archive', '', /2 images: say which/],
    ['an OCI reference name', oci, 'oci-archive', ':2.0', 'two'],
    ['none of two in OCI', oci, 'oci-archive', '', /2 images/],
    ['an OCI name that is not there', oci, 'oci-archive', ':3.0', /has no image 3\.0/],
  ]
  for (const [name, bytes, scheme, select, taken] of cases) {
    test(name, async () => {
      const target = `${scheme}:${temporaryFile(bytes)}${select}`
      if (typeof taken === 'string')
        expect(await contents(target, {platform: 'linux/amd64'})).toEqual([`which = ${taken}`])
      else expect((await refusal(target, {platform: 'linux/amd64'})).message).toMatch(taken)
    })
  }

  test('an OCI digest', async () => {
    const files = ociFiles(only('one', {tags: ['1.0']}), only('two', {tags: ['2.0']}))
    const index = JSON.parse(String(files.get('index.json')))
    const folder = writeFiles(temporaryFolder(), files)
    expect(await contents(`oci:${folder}@${index.manifests[1].digest}`)).toEqual(['which = two'])
  })

  test('a path with a colon wins over a tag', async () => {
    expect(await contents(`docker-archive:${temporaryFile(dockerArchive(only('x')), 'app:1.0')}`)).toEqual([
      'which = x',
    ])
  })
})

/** An OCI layout whose documents a test has changed; digests above a change are made anew. */
interface Documents {
  layers: Buffer[]
  config: Record<string, unknown>
  manifest: Record<string, unknown>
  index: Record<string, unknown>
  files: Map<string, Uint8Array>
}

const types = {
  index: 'application/vnd.oci.image.index.v1+json',
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar',
}

/** @param change changes the configuration; what it returns changes the manifest, then the index, then the files */
function layout(
  change: (documents: Pick<Documents, 'config' | 'layers'>) =>
    | Partial<{
        manifest: (manifest: Documents['manifest']) => unknown
        index: (index: Documents['index']) => unknown
        files: (files: Documents['files'], blobs: {config: string; manifest: string; layer: string}) => void
      }>
    | undefined,
): Buffer {
  const layers = [layer('x')]
  const config = JSON.parse(String(configOf({layers})))
  const next = change({config, layers}) ?? {}
  const files = new Map<string, Uint8Array>()
  const blob = (bytes: Uint8Array, mediaType: string) => {
    files.set(blobOf(bytes), bytes)
    return {mediaType, digest: digestOf(bytes), size: bytes.length}
  }
  const configBytes = json(config)
  const manifest = {
    schemaVersion: 2,
    mediaType: types.manifest,
    config: blob(configBytes, types.config),
    layers: layers.map(bytes => blob(bytes, types.layer)),
  }
  const manifestBytes = json(next.manifest?.(manifest) ?? manifest)
  const index = {schemaVersion: 2, mediaType: types.index, manifests: [blob(manifestBytes, types.manifest)]}
  files.set('oci-layout', json({imageLayoutVersion: '1.0.0'}))
  files.set('index.json', json(next.index?.(index) ?? index))
  next.files?.(files, {
    config: blobOf(configBytes),
    manifest: blobOf(manifestBytes),
    layer: blobOf(layers[0] ?? Buffer.alloc(0)),
  })
  return tarOf([...files].map(([name, body]) => file(name, body)))
}

const damagedByte = (bytes: Uint8Array): Buffer => Buffer.concat([bytes.subarray(0, -1), Buffer.from(' ')])

const refused: [name: string, archive: Buffer, code: PitonError['code'], message: RegExp][] = [
  [
    'the configuration is missing',
    layout(() => ({files: (files, {config}) => files.delete(config)})),
    'IMAGE_MISSING_BLOB',
    /configuration is not in/,
  ],
  [
    'the manifest is missing',
    layout(() => ({files: (files, {manifest}) => files.delete(manifest)})),
    'IMAGE_MISSING_BLOB',
    /image manifest .*is not in/,
  ],
  [
    'a layer is missing',
    layout(() => ({files: (files, {layer}) => files.delete(layer)})),
    'IMAGE_MISSING_BLOB',
    /layer 1 of 1/,
  ],
  [
    'the configuration has another digest',
    layout(() => ({files: (files, {config}) => files.set(config, damagedByte(files.get(config) ?? Buffer.alloc(1)))})),
    'IMAGE_DIGEST_MISMATCH',
    /configuration .* is sha256:[0-9a-f]{64}, but it should be sha256:/,
  ],
  [
    'the manifest has another digest',
    layout(() => ({
      files: (files, {manifest}) => files.set(manifest, damagedByte(files.get(manifest) ?? Buffer.alloc(1))),
    })),
    'IMAGE_DIGEST_MISMATCH',
    /manifest .* is sha256:/,
  ],
  [
    'a layer has another digest, and is still a tar',
    layout(() => ({files: (files, {layer: path}) => files.set(path, layer('y'))})),
    'IMAGE_DIGEST_MISMATCH',
    /layer 1 of 1 .* is sha256:/,
  ],
  [
    'a layer has another digest, and is no tar',
    layout(() => ({files: (files, {layer: path}) => files.set(path, Buffer.alloc(4000, 'x'))})),
    'IMAGE_DIGEST_MISMATCH',
    /layer 1 of 1 .* is sha256:/,
  ],
  [
    'a compressed layer has another digest, and does not inflate',
    layout(({layers}) => {
      layers[0] = gzipSync(layers[0] ?? '')
      return {
        files: (files, {layer: path}) => {
          const bytes = Buffer.from(files.get(path) ?? [])
          files.set(path, bytes.fill(0xff, 20, 40))
        },
      }
    }),
    'IMAGE_DIGEST_MISMATCH',
    /layer 1 of 1 .* is sha256:/,
  ],
  [
    'a digest that is too short',
    layout(() => ({
      manifest: manifest => ({...manifest, layers: [{mediaType: types.layer, digest: 'sha256:0', size: 1}]}),
    })),
    'IMAGE_BAD_DIGEST',
    /"sha256:0" is not a digest/,
  ],
  [
    'a digest that climbs',
    layout(() => ({manifest: manifest => ({...manifest, config: {digest: 'sha256:../../../../etc/passwd'}})})),
    'IMAGE_BAD_DIGEST',
    /is not a digest/,
  ],
  [
    'more layers than the configuration knows',
    layout(({config}) => {
      config['rootfs'] = {type: 'layers', diff_ids: []}
      return undefined
    }),
    'IMAGE_BAD_MANIFEST',
    /manifest has 1 layers, the configuration 0/,
  ],
  [
    'an index without images',
    layout(() => ({index: index => ({...index, manifests: []})})),
    'IMAGE_BAD_MANIFEST',
    /lists no image/,
  ],
  [
    'only attestations',
    layout(() => ({
      index: index => ({
        ...index,
        manifests: (index['manifests'] as object[]).map(one => ({
          ...one,
          annotations: {'vnd.docker.reference.type': 'attestation-manifest'},
        })),
      }),
    })),
    'IMAGE_BAD_MANIFEST',
    /lists no image/,
  ],
  [
    'too many manifests',
    layout(() => ({
      index: index => ({
        ...index,
        manifests: Array.from({length: limits.manifestsPerIndex + 1}, () => ({digest: digestOf(json({}))})),
      }),
    })),
    'IMAGE_BAD_MANIFEST',
    /is the limit/,
  ],
  [
    'a schema 1 manifest',
    layout(() => ({manifest: () => ({schemaVersion: 1, fsLayers: []})})),
    'IMAGE_BAD_MANIFEST',
    /names no configuration/,
  ],
  [
    'an artifact',
    layout(() => ({
      manifest: manifest => ({...manifest, config: {...(manifest['config'] as object), mediaType: 'application/wasm'}}),
    })),
    'IMAGE_BAD_MANIFEST',
    /holds an artifact \(application\/wasm\)/,
  ],
  ['an index that is a text', layout(() => ({index: () => 'text'})), 'IMAGE_BAD_MANIFEST', /is not an object/],
  [
    'manifests that are no array',
    layout(() => ({index: index => ({...index, manifests: {}})})),
    'IMAGE_BAD_MANIFEST',
    /manifests is not an array/,
  ],
  [
    'an index that is no JSON',
    layout(() => ({files: files => files.set('index.json', Buffer.from('{"manifests": ['))})),
    'IMAGE_BAD_JSON',
    /is not JSON/,
  ],
  [
    'an index that is no UTF-8',
    layout(() => ({files: files => files.set('index.json', Buffer.from('{"a":"\xff"}', 'latin1'))})),
    'IMAGE_BAD_JSON',
    /is not JSON/,
  ],
  [
    'an index that is nested deep',
    layout(() => ({
      files: files => files.set('index.json', Buffer.from(`{"manifests":${'['.repeat(1e5)}${']'.repeat(1e5)}}`)),
    })),
    'IMAGE_BAD_JSON',
    /levels deep/,
  ],
  [
    'an index that is too large',
    layout(() => ({files: files => files.set('index.json', Buffer.alloc(limits.jsonBytes + 1, ' '))})),
    'IMAGE_BAD_JSON',
    /is the limit/,
  ],
  [
    'environment that is no text',
    layout(({config}) => {
      config['config'] = {Env: [1]}
      return undefined
    }),
    'IMAGE_BAD_MANIFEST',
    /Env\[0\] is not a text/,
  ],
]

describe('OCI layouts that do not hold together', () => {
  for (const [name, archive, code, message] of refused) {
    for (const [form, options] of [
      ['plain', {}],
      ['inflated into memory', {}],
      ['inflated twice', {spoolBytes: 0}],
    ] as const) {
      test(`${name}, ${form}`, async () => {
        const target = temporaryFile(form === 'plain' ? archive : gzipSync(archive), 'broken.tar')
        const error = await refusal(target, options)
        expect([error.code, error.message]).toEqual([code, expect.stringMatching(message)])
        expect(error.message).toContain('broken.tar')
      })
    }
  }

  test('an index in itself', async () => {
    const nested = (manifests: object[]) => json({schemaVersion: 2, mediaType: types.index, manifests})
    const items: TarItem[] = []
    let inner = nested([])
    for (let depth = 0; depth <= limits.indexDepth + 1; depth++) {
      items.push(file(blobOf(inner), inner))
      inner = nested([{mediaType: types.index, digest: digestOf(inner), size: inner.length}])
    }
    const target = temporaryFile(tarOf([file('oci-layout', '{}'), file('index.json', inner), ...items]))
    expect(await refusal(target)).toMatchObject({code: 'IMAGE_TOO_DEEP'})
  })
})

describe('OCI layouts that are only odd', () => {
  const cases: [name: string, archive: Buffer][] = [
    [
      'keys of every object',
      layout(({config}) => {
        config['config'] = JSON.parse(
          '{"Labels": {"__proto__": "x", "constructor": "y"}, "__proto__": {"polluted": true}}',
        )
        return undefined
      }),
    ],
    [
      'an index in an index',
      (() => {
        const files = ociFiles(only('x'))
        const inner = files.get('index.json') ?? Buffer.alloc(0)
        files.set(blobOf(inner), inner)
        files.set(
          'index.json',
          json({manifests: [{mediaType: types.index, digest: digestOf(inner), size: inner.length}]}),
        )
        return tarOf([...files].map(([name, body]) => file(name, body)))
      })(),
    ],
    [
      'attestations beside the image',
      layout(() => ({
        index: index => ({
          ...index,
          manifests: [
            ...(index['manifests'] as object[]),
            {mediaType: types.manifest, digest: digestOf(json({})), platform: {os: 'unknown', architecture: 'unknown'}},
            {
              mediaType: types.manifest,
              digest: digestOf(json([])),
              annotations: {'vnd.docker.reference.type': 'attestation-manifest'},
            },
          ],
        }),
      })),
    ],
    [
      'no media types at all',
      layout(() => ({
        manifest: manifest => ({
          config: {digest: (manifest['config'] as {digest: string}).digest},
          layers: manifest['layers'],
        }),
        index: index => ({manifests: (index['manifests'] as {digest: string}[]).map(({digest}) => ({digest}))}),
      })),
    ],
    [
      'a media type that lies about compression',
      layout(() => ({
        manifest: manifest => ({
          ...manifest,
          layers: (manifest['layers'] as object[]).map(one => ({...one, mediaType: `${types.layer}+gzip`})),
        }),
      })),
    ],
  ]
  for (const [name, archive] of cases) {
    test(name, async () => {
      expect(await contents(temporaryFile(archive))).toEqual(['which = x'])
      expect(({} as {polluted?: unknown}).polluted).toBeUndefined()
    })
  }

  test('labels are kept as they are', async () => {
    const labels = JSON.parse('{"__proto__": "x", "constructor": "y", "hasOwnProperty": "z"}')
    const target = temporaryFile(ociArchive(only('x', {config: {Labels: labels}})))
    expect(await opened(target, {}, async ({config}) => [...(config?.labels ?? [])])).toEqual([
      ['__proto__', 'x'],
      ['constructor', 'y'],
      ['hasOwnProperty', 'z'],
    ])
  })
})

describe('what docker save writes', () => {
  const config = configOf({layers: [layer('x')]})
  const old = (more: TarItem[], listed: object = {}): Buffer =>
    tarOf([
      ...more,
      file('config.json', config),
      file('manifest.json', json([{Config: 'config.json', RepoTags: ['app:1'], Layers: ['a/layer.tar'], ...listed}])),
    ])

  test('a layer that is a link to the layer of another image', async () => {
    const target = temporaryFile(old([file('b/layer.tar', layer('x')), symlink('a/layer.tar', '../b/layer.tar')]))
    expect(await contents(target)).toEqual(['which = x'])
  })

  const broken: [name: string, archive: Buffer, message: RegExp][] = [
    ['a layer that is a link to itself', old([symlink('a/layer.tar', 'layer.tar')]), /layer 1 of 1 .* is not in/],
    ['a layer outside the archive', old([], {Layers: ['../../../../etc/passwd']}), /is not in/],
    ['a configuration outside the archive', old([], {Config: '/etc/passwd'}), /configuration is not in/],
    ['no layers', old([], {Layers: null}), /Layers is missing/],
    ['layers that are no texts', old([], {Layers: [{}]}), /Layers\[0\] is not a text/],
    ['an empty list', tarOf([file('manifest.json', '[]')]), /lists no image/],
    ['no list', tarOf([file('manifest.json', '{}')]), /is not an array/],
  ]
  for (const [name, archive, message] of broken) {
    test(name, async () => {
      const error = await refusal(temporaryFile(archive, 'broken.tar'))
      expect(error.message).toMatch(message)
      expect(error.message).toContain('broken.tar')
    })
  }

  test('fewer layers than the configuration names: what is there is read, and the report says so', async () => {
    const parts = {layers: [layer('x'), layer('y')]}
    const target = temporaryFile(
      tarOf([
        file('a.tar', layer('x')),
        file('c.json', configOf(parts)),
        file('manifest.json', json([{Config: 'c.json', Layers: ['a.tar']}])),
      ]),
    )
    const [tree, warnings] = await opened(target, {}, async image => [
      treeOf(await mergeLayers(image, [content], () => {}), content),
      image.warnings,
    ])
    expect(tree).toEqual(['which = x'])
    expect(warnings).toMatchObject([{code: 'IMAGE_LAYER_COUNT', hides: true}])
  })

  test('a changed layer is noticed with --verify, and when it was read in full anyway', async () => {
    const changed = old([file('a/layer.tar', layer('y'))])
    expect(await contents(temporaryFile(changed))).toEqual(['which = y'])
    expect(await refusal(temporaryFile(changed), {verify: true})).toMatchObject({code: 'IMAGE_DIGEST_MISMATCH'})
    expect(await refusal(temporaryFile(gzipSync(changed)))).toMatchObject({code: 'IMAGE_DIGEST_MISMATCH'})
  })

  test('a root file system that holds a file of that name', async () => {
    const target = temporaryFile(
      tarOf([file('manifest.json', '{"name": "app"}'), file('etc/os-release', 'ID=alpine\n')]),
    )
    expect(await opened(target, {}, async ({kind}) => kind)).toBe('rootfs')
  })
})

/** A layer whose tar has a hole: the zeros of its end mark are not stored. */
const sparseLayer = (() => {
  const whole = Buffer.concat([layer('sparse'), Buffer.alloc(8192)])
  return {whole, stored: whole.subarray(0, 1024), map: `0,1024`}
})()

describe('an archive that is larger than what is kept inflated', () => {
  const layers = [layer('first'), tarOf([file('big', 'y'.repeat(300_000))]), layer('third'), layer('first')]
  const parts: ImageParts = {layers, tags: ['app:1'], compress: (tar, index) => (index === 1 ? gzipSync(tar) : tar)}
  const archives: [name: string, bytes: Buffer][] = [
    ['docker-archive', dockerArchive(parts)],
    ['OCI archive', ociArchive(parts)],
    ['root file system', tarOf([file('a', 'x'), file('etc/os-release', 'y')])],
    [
      'sparse layer',
      tarOf([
        file('c.json', configOf({layers: [sparseLayer.whole]})),
        pax({
          'GNU.sparse.major': '0',
          'GNU.sparse.minor': '1',
          'GNU.sparse.size': String(sparseLayer.whole.length),
          'GNU.sparse.map': sparseLayer.map,
          'GNU.sparse.name': 'l.tar',
        }),
        file('GNUSparseFile/l.tar', sparseLayer.stored),
        file('manifest.json', json([{Config: 'c.json', Layers: ['l.tar']}])),
      ]),
    ],
  ]
  for (const [name, bytes] of archives) {
    test(`${name} reads the same`, async () => {
      const target = temporaryFile(gzipSync(bytes))
      const [small, large] = [await contents(target), await contents(target, {spoolBytes: 1000})]
      expect(small.length).toBeGreaterThan(0)
      expect(large).toEqual(small)
    })
  }

  test('a layer can be read again', async () => {
    const target = temporaryFile(gzipSync(ociArchive(parts)))
    await opened(target, {spoolBytes: 0}, async image => {
      const view = await mergeLayers(image, [], () => {})
      const found = view.resolve('which')
      if (typeof found === 'string' || found.node.type !== 'file') throw new Error('not there')
      expect(await view.read(found.node, content)).toBe('first')
    })
  })
})

describe('any documents', () => {
  const value = fc.letrec(tie => ({
    any: fc.oneof(
      {depthSize: 'small'},
      fc.constantFrom(null, true, 0, -1, 2 ** 60, '', 'sha256:', '../x', '__proto__'),
      fc.array(tie('any'), {maxLength: 4}),
      fc.dictionary(
        fc.constantFrom(
          'manifests',
          'digest',
          'mediaType',
          'config',
          'Config',
          'Layers',
          'layers',
          'rootfs',
          'diff_ids',
          'platform',
          'os',
          'annotations',
          'history',
          '__proto__',
        ),
        tie('any'),
        {maxKeys: 6},
      ),
    ),
  })).any

  test('as index.json or manifest.json are read or refused in words', async () => {
    await fc.assert(
      fc.asyncProperty(value, fc.boolean(), async (document, isDocker) => {
        const bytes = tarOf([file('oci-layout', '{}'), file(isDocker ? 'manifest.json' : 'index.json', json(document))])
        await readOrRefuse(`${isDocker ? 'docker-archive' : 'oci-archive'}:${temporaryFile(bytes)}`)
      }),
      {numRuns: 200},
    )
  })

  test('as configuration are read or refused in words', async () => {
    await fc.assert(
      fc.asyncProperty(value, async document => {
        await readOrRefuse(
          temporaryFile(tarOf([file('c', json(document)), file('manifest.json', json([{Config: 'c', Layers: []}]))])),
        )
      }),
      {numRuns: 200},
    )
  })

  test('changed bytes of whole archives are read or refused in words', async () => {
    const archives = [
      dockerArchive(only('x')),
      ociArchive(only('x')),
      gzipSync(ociArchive(only('x', {compress: tar => gzipSync(tar)}))),
    ]
    const change = fc.tuple(fc.nat(), fc.integer({min: 0, max: 255}))
    await fc.assert(
      fc.asyncProperty(
        fc.nat(2),
        fc.array(change, {minLength: 1, maxLength: 4}),
        fc.option(fc.nat()),
        async (which, changes, cut) => {
          const bytes = Buffer.from(archives[which] ?? [])
          for (const [at, byte] of changes) bytes[at % bytes.length] = byte
          await readOrRefuse(temporaryFile(cut === null ? bytes : bytes.subarray(0, cut % bytes.length)))
        },
      ),
      {numRuns: 300},
    )
  })
})

async function readOrRefuse(target: string): Promise<void> {
  try {
    await contents(target)
  } catch (error) {
    if (!(error instanceof PitonError)) throw error
  }
}
