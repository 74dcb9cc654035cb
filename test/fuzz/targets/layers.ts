import {PitonError} from '../../../src/model/errors.js'
import {limits} from '../../../src/model/limits.js'
import {type Collector, mergeLayers, type RootView} from '../../../src/rootfs/index.js'
import {walkNodes} from '../../../src/rootfs/merge.js'
import {layered, treeOf} from '../../support/layers.js'
import {file, folder, gnuLong, hardlink, pax, symlink, tarOf} from '../../support/tar.js'
import {pack, unpack} from '../seeds.js'
import {mendTar} from '../tar-mend.js'
import {type FuzzTarget, insist} from '../target.js'

const mostLayers = 4

const content: Collector<string> = {
  name: 'content',
  wants: () => true,
  limitBytes: 64,
  read: body => Buffer.from(body.read(0, 64)).toString('latin1'),
}

/** Layers merge to the same tree whether they are streamed or read at offsets, and nothing in it leads outside. */
export const target: FuzzTarget = {
  name: 'layers',
  dictionary: [
    '.wh.',
    '.wh..wh..opq',
    '.wh..wh.plnk',
    '../',
    '/',
    './',
    'a/b',
    'usr/lib',
    '\0',
    'ustar\u000000',
    new Uint8Array(512),
  ],
  mend(input) {
    for (const part of unpack(input, mostLayers)) mendTar(part)
  },
  *seeds() {
    const base = tarOf([
      folder('a'),
      file('a/b', '1'),
      symlink('l', 'a'),
      hardlink('h', 'a/b'),
      symlink('up', '../../..'),
    ])
    yield pack([base, tarOf([file('a/.wh.b'), file('l/c', '2'), file('up/etc/x')])])
    yield pack([base, tarOf([folder('a'), file('a/.wh..wh..opq'), file('a/n')]), tarOf([file('a'), symlink('h', 'h')])])
    yield pack([
      tarOf([symlink('x', 'y'), symlink('y', 'x'), file('x/z'), hardlink('q', 'x/z')]),
      tarOf([file('.wh.x')]),
    ])
    yield pack([tarOf([file('../../e'), file('/abs'), file('a//./b/../c'), gnuLong('L', 'd/'.repeat(200)), file('x')])])
    yield pack([tarOf([pax({path: 'p/q', linkpath: 'p/../p'}), symlink('s', 't'), folder('p'), file('p/.wh.q')])])
  },
  async run(input) {
    const tars = unpack(input, mostLayers)
    const [random, stream] = [await outcome(tars, 'random'), await outcome(tars, 'stream')]
    insist(random === stream, 'layers are the same read at offsets and as streams')
  },
}

async function outcome(tars: readonly Uint8Array[], kind: 'random' | 'stream'): Promise<string> {
  try {
    const view = await mergeLayers(layered(tars, {kind}), [content], () => {})
    holds(view)
    return treeOf(view, content).join('\n') + JSON.stringify(view.warnings)
  } catch (error) {
    if (!(error instanceof PitonError)) throw error
    // Which of several bad layers is met first is a matter of how they are read.
    return 'refused'
  }
}

function holds(view: RootView): void {
  for (const {path, node} of walkNodes(view.root)) {
    const parts = path.split('/')
    insist(
      parts.every(part => part !== '' && part !== '.' && part !== '..'),
      `${JSON.stringify(path)} is a clean path`,
    )
    insist(parts.length <= limits.pathDepth, 'no path is too deep')
    if (node.type !== 'symlink') continue
    const found = view.resolve(path)
    if (typeof found === 'string') continue
    insist(view.resolve(found.path, 'keep') !== 'missing', `${path} leads to something of the view`)
  }
}
