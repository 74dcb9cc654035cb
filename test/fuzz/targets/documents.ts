import {sha256} from '../../../src/bytes/digest.js'
import {mapLayers} from '../../../src/dockerfile/index.js'
import {PitonError} from '../../../src/model/errors.js'
import {parseConfig} from '../../../src/source/config.js'
import {planDockerArchive} from '../../../src/source/docker-archive.js'
import {planOci} from '../../../src/source/oci.js'
import type {BlobStore} from '../../../src/source/store.js'
import {configOf} from '../../support/images.js'
import {pack, unpack} from '../seeds.js'
import {type FuzzTarget, insist} from '../target.js'

const indexType = 'application/vnd.oci.image.index.v1+json'
const mostDocuments = 5

/** `@2`: the digest of the second document, for one that comes before it. */
const placeholder = /@([0-9])/g

/** The manifest, index and configuration of an image: a plan, or an error that names the document. */
export const target: FuzzTarget = {
  name: 'documents',
  dictionary: [
    ...[
      '"manifests":',
      '"layers":',
      '"config":',
      '"digest":',
      '"sha256:',
      '"mediaType":',
      '"platform":',
      '"annotations":',
      '"@2"',
    ],
    ...[
      '"rootfs":',
      '"diff_ids":',
      '"history":',
      '"empty_layer":true',
      '"created_by":',
      '"__proto__":',
      '"constructor":',
      '"Layers":',
    ],
    ...[
      'null',
      'true',
      '[]',
      '{}',
      '[[',
      '{"',
      '1e400',
      '-1',
      '""',
      '\\u0000',
      '\\ud800',
      ',',
      ':',
      '"',
      indexType,
      '"os":"linux"',
    ],
  ],
  mostBytes: 16 * 1024,
  *seeds() {
    const config = configOf({
      layers: [Buffer.from('x')],
      createdBy: ['RUN x', 'ENV A=b'],
      config: {Labels: {a: 'b'}, Entrypoint: ['/x']},
    })
    const layer = {mediaType: 'application/vnd.oci.image.layer.v1.tar', digest: sha256(Buffer.from('x')), size: 1}
    const manifest = JSON.stringify({schemaVersion: 2, config: {digest: '@2'}, layers: [layer]})
    const platform = {os: 'linux', architecture: 'amd64', variant: 'v2'}
    const index = (digest: string, mediaType = '') =>
      JSON.stringify({
        manifests: [{digest, mediaType, platform, annotations: {'org.opencontainers.image.ref.name': 'a'}}],
      })
    yield pack([index('@1'), manifest, config])
    yield pack([index('@1', indexType), index('@2', indexType), index('@3'), manifest.replace('@2', '@4'), config])
    yield pack([JSON.stringify([{Config: '2', RepoTags: ['a:1', 'b'], Layers: ['0']}]), 'x', config])
  },
  async run(input) {
    const documents = unpack(input, mostDocuments).map(part => Buffer.from(part))
    const files = new Map<string, Buffer>()
    // From the last to the first, so that each can name those behind it.
    for (let at = documents.length - 1; at >= 0; at--) {
      const text = (documents[at] as Buffer).toString('latin1').replace(placeholder, (whole, number) => {
        const named = documents[Number(number)]
        return Number(number) > at && named !== undefined ? sha256(named) : whole
      })
      documents[at] = Buffer.from(text, 'latin1')
      files.set(`blobs/sha256/${sha256(documents[at] as Buffer).slice(7)}`, documents[at] as Buffer)
      files.set(String(at), documents[at] as Buffer)
    }
    const [first = Buffer.alloc(0)] = documents
    files.set('index.json', first)
    files.set('manifest.json', first)
    const store = storeOf(files)
    for (const platform of [null, {os: 'linux', architecture: 'amd64', variant: ''}]) {
      for (const select of [null, 'a']) {
        await attempt(() => planOci(store, select, platform))
        await attempt(async () => planDockerArchive(store, select, platform))
      }
    }
    for (const document of documents) {
      await attempt(async () => {
        const config = parseConfig(document, 'config')
        insist(!('polluted' in {}), 'nothing reaches the prototype of objects')
        mapLayers({dockerfile: {path: 'Dockerfile', text: 'FROM a\nRUN x\n'}, target: null, ...config})
      })
    }
  },
}

async function attempt(read: () => Promise<unknown>): Promise<void> {
  try {
    await read()
  } catch (error) {
    if (!(error instanceof PitonError)) throw error
    insist(error.message !== '', 'an error says what is wrong')
  }
}

function storeOf(files: ReadonlyMap<string, Buffer>): BlobStore {
  return {
    name: 'store',
    inMemory: true,
    sizeOf: path => files.get(path)?.length ?? null,
    small: path => files.get(path) ?? Buffer.alloc(0),
    readBlobs: async () => [],
    close() {
      // Nothing is open.
    },
  }
}
