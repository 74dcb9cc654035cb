import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {cleanPath} from '../../src/model/path.js'
import type {DirectoryNode, Node} from '../../src/model/tree.js'
import {type Collector, mergeLayers, type RootView} from '../../src/rootfs/index.js'
import {walkNodes} from '../../src/rootfs/merge.js'
import {layered, treeOf} from '../support/layers.js'
import {file, folder, hardlink, pax, symlink, type TarItem, tarOf} from '../support/tar.js'

/** A path with what it is: `bin/` a folder, `lib -> usr/lib` a link, `etc/passwd = body` a file. */
type Tree = readonly string[]

const opaque = (path: string): TarItem => file(`${path === '' ? '' : `${path}/`}.wh..wh..opq`)
const whiteout = (path: string): TarItem => file(path.replace(/([^/]*)$/, '.wh.$1'))

const cases: [name: string, layers: TarItem[][], tree: Tree][] = [
  // OCI image specification, layer.md "Applying Changesets".
  ['a file', [[file('a', 'x')]], ['a = x']],
  ['folders that nobody names are made', [[file('a/b/c', 'x')]], ['a/', 'a/b/', 'a/b/c = x']],
  ['a later layer wins', [[file('a', 'old')], [file('a', 'new')]], ['a = new']],
  ['of two entries in one layer the last wins', [[file('a', 'first'), file('a', 'second')]], ['a = second']],
  ['a whiteout removes a file', [[file('a', 'x'), file('b', 'x')], [whiteout('a')]], ['b = x']],
  ['a whiteout removes a folder with all in it', [[file('d/e/f', 'x')], [whiteout('d')]], []],
  ['a whiteout of nothing', [[file('a', 'x')], [whiteout('b'), whiteout('c/d')]], ['a = x']],
  [
    'a whiteout spares what its own layer put there, before it',
    [[file('a', 'old')], [file('a', 'new'), whiteout('a')]],
    ['a = new'],
  ],
  [
    'a whiteout spares what its own layer put there, after it',
    [[file('a', 'old')], [whiteout('a'), file('a', 'new')]],
    ['a = new'],
  ],
  [
    'a folder that is removed and made again keeps only what is new',
    [
      [file('d/old', 'x'), file('d/s/old', 'x')],
      [whiteout('d'), folder('d'), file('d/new', 'y')],
    ],
    ['d/', 'd/new = y'],
  ],
  [
    'the same with the folder first',
    [
      [file('d/old', 'x'), file('d/s/old', 'x')],
      [folder('d'), file('d/new', 'y'), whiteout('d')],
    ],
    ['d/', 'd/new = y'],
  ],
  [
    'an opaque mark before the entries of its folder',
    [[file('d/old', 'x')], [folder('d'), opaque('d'), file('d/new', 'y')]],
    ['d/', 'd/new = y'],
  ],
  [
    'an opaque mark after the entries of its folder',
    [[file('d/old', 'x')], [folder('d'), file('d/new', 'y'), opaque('d')]],
    ['d/', 'd/new = y'],
  ],
  [
    'an opaque mark reaches into folders that its layer names again',
    [
      [file('d/s/old', 'x'), file('d/t/old', 'x')],
      [folder('d/s'), file('d/s/new', 'y'), opaque('d')],
    ],
    ['d/', 'd/s/', 'd/s/new = y'],
  ],
  [
    'an opaque root',
    [
      [file('a', 'x'), file('d/b', 'x')],
      [file('c', 'y'), opaque('')],
    ],
    ['c = y'],
  ],
  [
    'an opaque mark leaves other folders alone',
    [[file('d/a', 'x'), file('e/a', 'x')], [opaque('d')]],
    ['d/', 'e/', 'e/a = x'],
  ],
  ['a mark works for its own layer alone', [[file('a', 'x')], [whiteout('a')], [file('a', 'y')]], ['a = y']],
  ['a removed file comes back', [[file('a', 'x')], [whiteout('a')], [file('b', 'y')]], ['b = y']],

  // Hard links.
  ['a hard link', [[file('a', 'x'), hardlink('b', 'a')]], ['a = x', 'b = x (a)']],
  ['a hard link to a lower layer', [[file('a', 'x')], [hardlink('b', 'a')]], ['a = x', 'b = x (a)']],
  ['a hard link outlives its target', [[file('a', 'x')], [hardlink('b', 'a'), whiteout('a')]], ['b = x']],
  ['a hard link outlives a new target', [[file('a', 'x'), hardlink('b', 'a')], [file('a', 'y')]], ['a = y', 'b = x']],
  [
    'a hard link that an opaque mark follows',
    [[file('d/a', 'x')], [hardlink('d/b', 'd/a'), opaque('d')]],
    ['d/', 'd/b = x'],
  ],
  ['a hard link with a leading slash', [[file('a', 'x'), hardlink('b', '/a')]], ['a = x', 'b = x (a)']],
  [
    'a hard link through a linked folder',
    [[file('u/a', 'x'), symlink('l', 'u'), hardlink('b', 'l/a')]],
    ['b = x', 'l -> u', 'u/', 'u/a = x (b)'],
  ],
  ['a hard link to a symbolic link', [[symlink('a', 'x'), hardlink('b', 'a')]], ['a -> x', 'b -> x']],
  ['a hard link that climbs stays inside', [[file('a', 'x'), hardlink('b', '../../a')]], ['a = x', 'b = x (a)']],

  // Links on the way.
  ['a relative link to a folder', [[folder('u'), symlink('l', 'u'), file('l/a', 'x')]], ['l -> u', 'u/', 'u/a = x']],
  [
    'an absolute link to a folder',
    [[folder('u/v'), symlink('l', '/u/v'), file('l/a', 'x')]],
    ['l -> /u/v', 'u/', 'u/v/', 'u/v/a = x'],
  ],
  ['a link into a lower layer', [[folder('u'), symlink('l', 'u')], [file('l/a', 'x')]], ['l -> u', 'u/', 'u/a = x']],
  [
    'a dangling link: what it names is made',
    [[symlink('l', 'u/v'), file('l/a', 'x')]],
    ['l -> u/v', 'u/', 'u/v/', 'u/v/a = x'],
  ],
  [
    'a link that climbs stays inside',
    [[symlink('d/l', '../../../tmp'), file('d/l/a', 'x')]],
    ['d/', 'd/l -> ../../../tmp', 'tmp/', 'tmp/a = x'],
  ],
  [
    'links to links',
    [[folder('c'), symlink('b', 'c'), symlink('a', 'b'), file('a/f', 'x')]],
    ['a -> b', 'b -> c', 'c/', 'c/f = x'],
  ],
  [
    'a whiteout through a link',
    [[file('u/a', 'x'), file('u/b', 'x'), symlink('l', 'u')], [whiteout('l/a')]],
    ['l -> u', 'u/', 'u/b = x'],
  ],
  ['an opaque mark through a link', [[file('u/a', 'x'), symlink('l', 'u')], [opaque('l')]], ['l -> u', 'u/']],
  [
    'a whiteout of a link leaves its target',
    [[file('u/a', 'x'), symlink('l', 'u')], [whiteout('l')]],
    ['u/', 'u/a = x'],
  ],
  [
    'a new link where a folder was used before',
    [[file('d/a', 'x'), symlink('d', 'e'), file('d/b', 'y')]],
    ['d -> e', 'e/', 'e/b = y'],
  ],

  // Type changes.
  ['a file becomes a folder', [[file('a', 'x')], [folder('a'), file('a/b', 'y')]], ['a/', 'a/b = y']],
  ['a folder becomes a file', [[file('a/b', 'x')], [file('a', 'y')]], ['a = y']],
  ['a folder becomes a link', [[file('a/b', 'x'), folder('c')], [symlink('a', 'c')]], ['a -> c', 'c/']],
  [
    'a link becomes a folder',
    [
      [symlink('a', 'c'), file('c/b', 'x')],
      [folder('a'), file('a/d', 'y')],
    ],
    ['a/', 'a/d = y', 'c/', 'c/b = x'],
  ],
  ['a folder named again keeps what is in it', [[file('a/b', 'x')], [folder('a')]], ['a/', 'a/b = x']],

  // Names.
  ['names are cleaned', [[file('./a//b/../c', 'x'), file('/d', 'y')]], ['a/', 'a/c = x', 'd = y']],
  ['the root itself', [[folder('.'), file('a', 'x')]], ['a = x']],
  [
    'names of every object',
    [[file('__proto__/constructor', 'x'), file('toString', 'y')]],
    ['__proto__/', '__proto__/constructor = x', 'toString = y'],
  ],
  [
    'names of AUFS are no files, but hard links may name them',
    [
      [
        folder('.wh..wh.plnk'),
        file('.wh..wh.plnk/12.34', 'x'),
        file('.wh..wh.aufs'),
        folder('.wh..wh.orph'),
        hardlink('a', '.wh..wh.plnk/12.34'),
      ],
    ],
    ['a = x'],
  ],
]

describe('merging', () => {
  for (const [name, layers, tree] of cases) {
    test(name, async () => {
      expect(describeTree(await view(layers))).toEqual([...tree].sort())
    })
  }

  test('in a plain root file system the names of marks are files', async () => {
    const root = await view([[file('d/.wh..wh..opq'), file('.wh.a'), file('a', 'x')]], false)
    expect(describeTree(root)).toEqual(['.wh.a = ', 'a = x', 'd/', 'd/.wh..wh..opq = '])
  })

  test('every node tells the layer that wrote it last', async () => {
    const root = await view([
      [folder('d'), file('d/a', 'x'), file('d/b', 'x')],
      [file('d/b', 'y')],
      [hardlink('c', 'd/a')],
    ])
    const layers = [...walkNodes(root.root)].map(({path, node}) => `${path} ${node.layer}`).sort()
    expect(layers).toEqual(['c 2', 'd 0', 'd/a 0', 'd/b 1'])
  })
})

const leftOut: [name: string, layers: TarItem[][], code: string][] = [
  ['a hard link to nothing', [[hardlink('b', 'a')]], 'TAR_BAD_HARDLINK'],
  ['a hard link to a folder', [[folder('a'), hardlink('b', 'a')]], 'TAR_BAD_HARDLINK'],
  ['a hard link to what was removed', [[file('a')], [whiteout('a')], [hardlink('b', 'a')]], 'TAR_BAD_HARDLINK'],
  ['a hard link behind a loop', [[symlink('l', 'l'), hardlink('b', 'l/a')]], 'TAR_BAD_HARDLINK'],
  ['an entry behind a loop of links', [[symlink('a', 'b'), symlink('b', 'a'), file('a/f', 'x')]], 'TAR_LINK_LOOP'],
  ['an entry behind a link to itself', [[symlink('a', 'a/a'), file('a/f', 'x')]], 'TAR_LINK_LOOP'],
  ['an entry below a file', [[file('a'), file('a/f', 'x')]], 'TAR_PARENT_NOT_FOLDER'],
  ['a type that tar does not know', [[{name: 'a', type: 'Z'}]], 'TAR_UNKNOWN_TYPE'],
  ['a path of more than PATH_MAX', [[pax({path: 'd/'.repeat(2100)}), file('a')]], 'TAR_LONG_PATH'],
  [
    'a link of more than PATH_MAX',
    [[pax({linkpath: 'a/'.repeat(300_000)}), symlink('l', 'x'), file('l/f')]],
    'TAR_LONG_PATH',
  ],
]

for (const [name, layers, code] of leftOut) {
  test(`left out with a warning: ${name}`, async () => {
    const {warnings} = await view(layers)
    expect(warnings.map(warning => [warning.code, warning.hides])).toContainEqual([code, true])
  })
}

test('a flood of one warning is counted, and does not hide another', async () => {
  const climbing = Array.from({length: 5000}, (_, index) => file(`../${index}`))
  const {warnings} = await view([[...climbing, {name: 'odd', type: 'Z'}]])
  expect(warnings.length).toBeLessThan(300)
  expect(warnings.find(({code}) => code === 'TAR_UNKNOWN_TYPE')?.hides).toBe(true)
  expect(warnings.map(({message}) => message).join('\n')).toMatch(/4,800 more/)
})

const resolving: [path: string, where: string][] = [
  ['usr/lib/os', 'usr/lib/os'],
  ['/usr//lib/./os', 'usr/lib/os'],
  ['lib/os', 'usr/lib/os'],
  ['abs/os', 'usr/lib/os'],
  ['etc/os', 'usr/lib/os'],
  ['etc/abs', 'usr/lib/os'],
  ['etc/../etc/os', 'usr/lib/os'],
  ['climb/usr/lib/os', 'usr/lib/os'],
  ['../../usr/lib/os', 'usr/lib/os'],
  ['', ''],
  ['etc/dangling', 'missing'],
  ['nothing', 'missing'],
  ['loop', 'loop'],
  ['loop/a', 'loop'],
  ['usr/lib/os/a', 'not-a-directory'],
]

for (const [path, where] of resolving) {
  test(`${JSON.stringify(path)} leads to ${where || 'the root'}`, async () => {
    const root = await view([
      [
        file('usr/lib/os', 'x'),
        symlink('lib', 'usr/lib'),
        symlink('abs', '/usr/lib'),
        symlink('etc/os', '../usr/lib/os'),
        symlink('etc/abs', '/usr/lib/os'),
        symlink('etc/dangling', 'nothing'),
        symlink('climb', '../../..'),
        symlink('loop', 'pool'),
        symlink('pool', 'loop'),
      ],
    ])
    const found = root.resolve(path)
    expect(typeof found === 'string' ? found : found.path).toBe(where)
  })
}

describe('any layers', () => {
  const names = fc.constantFrom(
    'a',
    'b',
    'a/b',
    'a/b/c',
    'b/a',
    '../a',
    '/b',
    './a/../b',
    '.wh.a',
    'a/.wh.b',
    'a/.wh..wh..opq',
    '',
  )
  const item: fc.Arbitrary<TarItem> = fc.oneof(
    names.map(name => file(name, 'x')),
    names.map(name => folder(name)),
    fc
      .tuple(names, fc.constantFrom('a', '/a', '../..', 'b/c', '.', '/', 'a/b/../..'))
      .map(([name, to]) => symlink(name, to)),
    fc.tuple(names, names).map(([name, to]) => hardlink(name, to)),
  )
  const layers = fc.array(fc.array(item, {maxLength: 12}), {minLength: 1, maxLength: 4})

  test('give a tree of clean paths, in which every way of reading them agrees', async () => {
    await fc.assert(
      fc.asyncProperty(layers, async found => {
        const random = await view(found)
        const nodes = [...walkNodes(random.root)]
        for (const {path} of nodes) expect(cleanPath(path)).toEqual({path, climbs: false})
        expect(isTree(random.root)).toBe(true)
        expect(describeTree(await view(found, true, 'stream'))).toEqual(describeTree(random))
      }),
      {numRuns: 300},
    )
  })

  test('below the layers of a whole whiteout leave nothing', async () => {
    await fc.assert(
      fc.asyncProperty(layers, async found => {
        expect(describeTree(await view([...found, [opaque('')]]))).toEqual([])
      }),
      {numRuns: 100},
    )
  })
})

const content: Collector<string> = {
  name: 'content',
  wants: () => true,
  limitBytes: 100,
  read: body => Buffer.from(body.read(0, 100)).toString(),
}

function view(layers: readonly TarItem[][], whiteouts = true, kind: 'random' | 'stream' = 'random'): Promise<RootView> {
  return mergeLayers(layered(layers.map(tarOf), {whiteouts, kind}), [content], () => {})
}

function describeTree(root: RootView): string[] {
  return treeOf(root, content)
}

/** Is no folder reached twice? */
function isTree(root: DirectoryNode): boolean {
  const folders: Node[] = [root, ...[...walkNodes(root)].map(({node}) => node).filter(({type}) => type === 'directory')]
  return new Set(folders).size === folders.length
}
