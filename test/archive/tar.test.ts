import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {type TarMember, TarWalker} from '../../src/archive/tar.js'
import {memberSource, walkTar} from '../../src/archive/tar-source.js'
import {memorySource} from '../../src/bytes/source.js'
import {ArchiveError, PitonError} from '../../src/model/errors.js'
import {file, folder, gnuLong, hardlink, member, pax, symlink, type TarItem, tarOf} from '../support/tar.js'
import {everyKind, sparseKinds} from '../support/tar-kinds.js'

interface Seen {
  readonly member: TarMember
  readonly body: string
}

/** Pushes the tar in chunks of `step` bytes and keeps every body. */
function pushed(tar: Uint8Array, step = tar.length): Seen[] {
  const seen: {member: TarMember; chunks: Buffer[]}[] = []
  const walker = new TarWalker(
    {
      member(found) {
        const entry = {member: found, chunks: [] as Buffer[]}
        seen.push(entry)
        return {limit: Number.POSITIVE_INFINITY, write: chunk => entry.chunks.push(Buffer.from(chunk)), end: () => {}}
      },
    },
    'test.tar',
  )
  for (let at = 0; at < tar.length; at += step) walker.push(tar.subarray(at, at + step))
  walker.end()
  return seen.map(entry => ({member: entry.member, body: Buffer.concat(entry.chunks).toString('latin1')}))
}

/** Walks the same tar by its headers and reads bodies at their offsets. */
function walked(tar: Uint8Array): Seen[] {
  const seen: Seen[] = []
  const source = memorySource(tar)
  walkTar(
    source,
    {
      member(found) {
        const body = memberSource(source, found)
        seen.push({member: found, body: Buffer.from(body.read(0, body.sizeBytes)).toString('latin1')})
        return null
      },
    },
    'test.tar',
  )
  return seen
}

const long = `usr/${'n'.repeat(300)}`

/** Items, and the names, links and bodies that they are. */
const readable: [
  name: string,
  items: TarItem[],
  expected: [name: string, flag: string, link: string, body: string][],
][] = [
  [
    'ustar',
    [file('a', 'hello'), folder('d'), symlink('s', 'a'), hardlink('h', 'a')],
    [
      ['a', '0', '', 'hello'],
      ['d/', '5', '', ''],
      ['s', '2', 'a', ''],
      ['h', '1', 'a', ''],
    ],
  ],
  ['ustar prefix', [file('name', 'x', {prefix: 'usr/share'})], [['usr/share/name', '0', '', 'x']]],
  ['no prefix in GNU headers', [file('name', 'x', {magic: 'ustar  \0', prefix: '12345670'})], [['name', '0', '', 'x']]],
  ['v7 without magic', [file('old', 'x', {magic: '\0\0\0\0\0\0\0\0', type: '\0'})], [['old', '0', '', 'x']]],
  ['v7 folder by its slash', [file('old/', '', {type: '\0'})], [['old/', '5', '', '']]],
  [
    'GNU long name and link',
    [gnuLong('L', long), gnuLong('K', `${long}-target`), symlink('short', 'short')],
    [[long, '2', `${long}-target`, '']],
  ],
  [
    'PAX path, linkpath',
    [pax({path: long, linkpath: 'elsewhere'}), symlink('short', 'short')],
    [[long, '2', 'elsewhere', '']],
  ],
  [
    'PAX path is for one member only',
    [pax({path: long}), file('a'), file('b')],
    [
      [long, '0', '', ''],
      ['b', '0', '', ''],
    ],
  ],
  [
    'PAX size over the header',
    [pax({size: '5'}), {...file('real5', '12345'), size: 0}, file('after', '1')],
    [
      ['real5', '0', '', '12345'],
      ['after', '0', '', '1'],
    ],
  ],
  ['global headers are passed over', [pax({path: 'global'}, 'g'), file('a', 'x')], [['a', '0', '', 'x']]],
  [
    'links have no body whatever their size says',
    [{...symlink('s', 'a'), size: 4096}, file('a', 'x')],
    [
      ['s', '2', 'a', ''],
      ['a', '0', '', 'x'],
    ],
  ],
  [
    'a lone zero block between members',
    [{name: new Uint8Array(0), patch: header => header.fill(0), checksum: 0} as TarItem, file('a', 'x')],
    [['a', '0', '', 'x']],
  ],
  [
    'names that are not UTF-8 stay apart',
    [
      file(Buffer.from('a\xff', 'latin1') as unknown as string),
      file(Buffer.from('a\xfe', 'latin1') as unknown as string),
    ],
    [
      ['a\udcff', '0', '', ''],
      ['a\udcfe', '0', '', ''],
    ],
  ],
  ['UTF-8 names', [file('ä/日本')], [['ä/日本', '0', '', '']]],
]

describe('readable', () => {
  for (const [name, items, expected] of readable) {
    test(name, () => {
      const tar =
        name === 'a lone zero block between members'
          ? Buffer.concat([Buffer.alloc(512), tarOf(items.slice(1))])
          : tarOf(items)
      const brief = (seen: Seen[]) => seen.map(({member: m, body}) => [m.name, m.flag, m.linkName, body])
      expect(brief(pushed(tar))).toEqual(expected)
      expect(brief(walked(tar))).toEqual(expected)
    })
  }

  test('base-256 sizes beyond 8 GiB are read', () => {
    const big = member({
      ...file('big'),
      patch: bytes => {
        bytes.fill(0, 124, 136)
        bytes[124] = 0x80
        bytes.writeUIntBE(10_000_000_000, 130, 6)
      },
    })
    const seen: number[] = []
    const walker = new TarWalker(
      {
        member: found => {
          seen.push(found.size)
          return null
        },
      },
      'test.tar',
    )
    walker.push(big)
    expect(seen).toEqual([10_000_000_000])
    expect(walker.skippable).toBe(10_000_000_000)
  })

  test('capabilities come from PAX', () => {
    const capability = new Uint8Array([1, 0, 0, 2, 0, 4, 0, 0, 0, 0, 0, 0])
    const [seen] = pushed(
      tarOf([pax({'SCHILY.xattr.security.capability': capability}), file('ping', 'x', {mode: 0o4755})]),
    )
    expect(seen?.member.capability).toEqual(capability)
    expect(seen?.member.mode).toBe(0o4755)
  })
})

describe('sparse', () => {
  for (const [name, items] of sparseKinds) {
    test(name, () => {
      const expected = name === 'PAX 0.0' ? 'AB\0\0\0\0\0\0' : 'AB\0\0\0CD\0'
      const tar = tarOf([...items, file('after', 'x')])
      for (const seen of [pushed(tar), pushed(tar, 7), walked(tar)]) {
        expect(seen.map(({member: m, body}) => [m.name, m.size, body])).toEqual([
          ['s', 8, expected],
          ['after', 1, 'x'],
        ])
      }
    })
  }

  for (const map of ['0,2,1,2', '5,2,0,2', '0,9', '0', 'a,b', '0,-1']) {
    test(`a map of ${map} is refused`, () => {
      const tar = tarOf([pax({'GNU.sparse.size': '8', 'GNU.sparse.map': map}), file('s', 'ABCD')])
      expect(() => pushed(tar)).toThrow(ArchiveError)
    })
  }
})

const refused: [name: string, tar: Buffer, code: string, words: RegExp][] = [
  ['a wrong checksum', tarOf([{...file('bad', 'abc'), checksum: 1}]), 'ARCHIVE_BAD_HEADER', /byte 512: .*checksum/],
  [
    'a negative size',
    tarOf([{...file('bad'), patch: header => header.fill(0xff, 124, 136)}]),
    'ARCHIVE_BAD_HEADER',
    /impossible size/,
  ],
  [
    'a size that is no number',
    tarOf([{...file('bad'), patch: header => header.write('9z', 124)}]),
    'ARCHIVE_BAD_HEADER',
    /impossible size/,
  ],
  [
    'the end inside a body',
    tarOf([file('big', 'x'.repeat(2000))]).subarray(0, 1000),
    'ARCHIVE_TRUNCATED',
    /ends inside "big"/,
  ],
  [
    'the end inside a header',
    Buffer.concat([member(file('a', 'x')), member(file('b')).subarray(0, 300)]),
    'ARCHIVE_TRUNCATED',
    /ends inside/,
  ],
  [
    'a long name of 1 GiB',
    tarOf([{...file('././@LongLink', 'aaaa'), type: 'L', size: 1 << 30}]),
    'ARCHIVE_LIMIT',
    /limit/,
  ],
  [
    'a PAX record with a wrong length',
    tarOf([{name: 'x', type: 'x', body: '999 path=a\n'}, file('a')]),
    'ARCHIVE_BAD_HEADER',
    /malformed/,
  ],
  [
    'a PAX record without a number',
    tarOf([{name: 'x', type: 'x', body: 'path=a\n'}, file('a')]),
    'ARCHIVE_BAD_HEADER',
    /malformed/,
  ],
  ['a PAX path with a NUL', tarOf([pax({path: 'a\0b'}), file('a')]), 'ARCHIVE_BAD_HEADER', /malformed/],
]

describe('refused', () => {
  for (const [name, tar, code, words] of refused) {
    test(name, () => {
      for (const read of [() => pushed(tar), () => pushed(tar, 100), () => walked(tar)]) {
        expect(read).toThrow(expect.objectContaining({code, message: expect.stringMatching(/^test\.tar/)}))
        expect(read).toThrow(words)
      }
    })
  }
})

test('what follows the end mark is ignored, and the end mark may be missing', () => {
  const tar = tarOf([file('a', 'x')])
  expect(pushed(Buffer.concat([tar, Buffer.from('garbage '.repeat(100))]))).toHaveLength(1)
  expect(pushed(tar.subarray(0, 1024))).toHaveLength(1)
})

const name = fc.stringMatching(/^[a-z]{1,12}(\/[a-z.]{1,12}){0,3}$/)
const items = fc.array(
  fc.oneof(
    fc.record({name, body: fc.uint8Array({maxLength: 1500})}),
    fc.record({name, type: fc.constant('2'), link: name}),
    fc.record({name: fc.constant('short'), prefix: name}),
    fc.tuple(name, fc.string({maxLength: 200})).map(([path]) => pax({path: `${path}/${'x'.repeat(120)}`})),
  ),
  {maxLength: 8},
)

test('property: any split of the bytes gives the same members and bodies', () => {
  fc.assert(
    fc.property(items, fc.integer({min: 1, max: 1100}), (list, step) => {
      const tar = tarOf(list as TarItem[])
      expect(pushed(tar, step)).toEqual(pushed(tar))
      expect(walked(tar)).toEqual(pushed(tar))
    }),
    {numRuns: 200},
  )
})

test('a header that goes on in the next window of a tar that is read at offsets is not forgotten', () => {
  const shape = (seen: Seen[]) => seen.map(({member: {offset: _, ...m}, body}) => [m, body])
  const whole = pushed(tarOf(everyKind))
  expect(whole.map(({member: m, body}) => [m.name.slice(0, 8), body.length])).toEqual([
    ['d/', 0],
    ['d/a', 600],
    ['pppppppp', 0],
    [long.slice(0, 8), 0],
    ['h', 0],
    ['s', 8],
    ['s', 8],
    ['s', 8],
    ['s', 8],
    ['gnu', 9],
    ['after', 1],
  ])
  expect(whole.at(-2)?.body).toBe('A\0B\0\0C\0\0D')
  const expected = shape(whole)
  // So that each block of the members stands once at the end of a window of 32 KiB.
  for (let blocks = 64 - tarOf(everyKind).length / 512; blocks < 64; blocks++) {
    const tar = tarOf([file('filler', Buffer.alloc((blocks - 1) * 512)), ...everyKind])
    expect(shape(walked(tar)).slice(1)).toEqual(expected)
  }
})

test('property: damaged bytes are read or refused, never worse', () => {
  const tar = tarOf([
    pax({path: long, 'GNU.sparse.map': '0,1'}),
    file('a', 'x'.repeat(700)),
    gnuLong('L', long),
    file('b'),
    folder('c'),
  ])
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(tar.length - 1), fc.nat(255)), {maxLength: 6}),
      fc.nat(tar.length),
      (flips, cut) => {
        const bytes = Buffer.from(tar.subarray(0, cut))
        for (const [at, value] of flips) if (at < cut) bytes[at] = value
        try {
          pushed(bytes, 333)
        } catch (error) {
          expect(error).toBeInstanceOf(PitonError)
        }
      },
    ),
    {numRuns: 500},
  )
})
