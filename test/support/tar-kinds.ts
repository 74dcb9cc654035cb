import {file, folder, gnuLong, hardlink, pax, symlink, type TarItem} from './tar.js'

const long = `usr/${'n'.repeat(300)}`

/** Sparse files in each of GNU's four ways: `AB`, three zeros, `CD`, one zero. */
export const sparseKinds: [name: string, items: readonly TarItem[]][] = [
  [
    'old GNU',
    [
      {
        ...file('s', 'ABCD', {type: 'S', magic: 'ustar  \0'}),
        patch: header => writeGnuMap(header, [0, 2, 5, 2, 8, 0], 8),
      },
    ],
  ],
  [
    'PAX 0.0',
    [
      pax({'GNU.sparse.size': '8', 'GNU.sparse.numblocks': '2', 'GNU.sparse.offset': '0', 'GNU.sparse.numbytes': '2'}),
      file('s', 'AB'),
    ],
  ],
  [
    'PAX 0.1',
    [
      pax({'GNU.sparse.size': '8', 'GNU.sparse.name': 's', 'GNU.sparse.map': '0,2,5,2,8,0'}),
      file('GNUSparseFile.0/s', 'ABCD'),
    ],
  ],
  [
    'PAX 1.0',
    [
      pax({'GNU.sparse.major': '1', 'GNU.sparse.minor': '0', 'GNU.sparse.name': 's', 'GNU.sparse.realsize': '8'}),
      file('GNUSparseFile.0/s', `${'3\n0\n2\n5\n2\n8\n0\n'.padEnd(512, '\0')}ABCD`),
    ],
  ],
]

/** A member of every kind, with extended headers that fill whole blocks and maps that go on in further ones. */
export const everyKind: readonly TarItem[] = [
  folder('d'),
  file('d/a', 'x'.repeat(600)),
  pax({path: 'p'.repeat(512 - ' path=\n'.length - 3)}),
  file('whole block'),
  gnuLong('L', long),
  gnuLong('K', `${long}-target`),
  symlink('short', 'short'),
  hardlink('h', 'd/a'),
  ...sparseKinds.flatMap(([, items]) => items),
  {
    ...file('gnu', Buffer.concat([gnuMapBlock([2, 1, 5, 1], true), gnuMapBlock([8, 1], false), Buffer.from('ABCD')]), {
      type: 'S',
      magic: 'ustar  \0',
      size: 4,
    }),
    patch: header => {
      writeGnuMap(header, [0, 1], 9)
      header[482] = 1
    },
  },
  file('after', 'y'),
]

/** A block of a GNU map that did not fit into the header. */
function gnuMapBlock(pairs: readonly number[], more: boolean): Buffer {
  const block = Buffer.alloc(512)
  for (const [index, value] of pairs.entries()) block.write(`${value.toString(8).padStart(11, '0')}\0`, index * 12)
  block[504] = more ? 1 : 0
  return block
}

function writeGnuMap(header: Buffer, pairs: number[], realSize: number): void {
  for (const [index, value] of pairs.entries())
    header.write(`${value.toString(8).padStart(11, '0')}\0`, 386 + index * 12)
  header.write(`${realSize.toString(8).padStart(11, '0')}\0`, 483)
}
