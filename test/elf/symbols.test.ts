import {expect, test} from 'vitest'
import {memorySource} from '../../src/bytes/source.js'
import {NameSet} from '../../src/elf/name-set.js'
import {readElf} from '../../src/elf/read.js'
import {isUnreadable, type SymbolTable} from '../../src/model/elf.js'
import {type ElfSpec, elfOf} from '../support/elf.js'

function tableOf(bytes: Uint8Array): SymbolTable {
  const table = readElf(memorySource(bytes), 'x').symbols()
  if (table === null || isUnreadable(table)) throw new Error('no symbols')
  return table
}

const symbols = [
  {name: 'printf'},
  {name: 'environ', info: 0x21},
  {name: 'main_loop', section: 4, value: 0x1000, info: 0x12, other: 3},
  {name: 'table', section: 5, value: 0x2000, info: 0x11},
]

for (const bits of [32, 64] as const) {
  for (const little of [true, false]) {
    test(`reads symbols, ${bits} bit, ${little ? 'little' : 'big'}-endian`, () => {
      const table = tableOf(elfOf({bits, little, symbols}).bytes)
      expect(table).toMatchObject({count: 5, countOrigin: 'DT_GNU_HASH', firstHashed: 3, unreadNames: 0})
      expect(table.list()).toMatchObject([
        {index: 1, name: 'printf', binding: 'global', type: 2, visibility: 'default', section: 0, defined: false},
        {index: 2, name: 'environ', binding: 'weak', type: 1, defined: false},
        {index: 3, name: 'main_loop', value: 0x1000, visibility: 'protected', section: 4, defined: true},
        {index: 4, name: 'table', value: 0x2000, type: 1, section: 5, defined: true},
      ])
    })
  }
}

const imports = [{name: 'printf'}, {name: 'strlen'}]
const counts: [name: string, spec: ElfSpec, count: number, origin: string][] = [
  ['DT_GNU_HASH', {symbols, hashes: ['gnu']}, 5, 'DT_GNU_HASH'],
  ['DT_HASH', {symbols, hashes: ['sysv']}, 5, 'DT_HASH'],
  [
    'DT_HASH of s390x, which has words of 8 bytes',
    {symbols, hashes: ['sysv'], machine: 22, little: false},
    5,
    'DT_HASH',
  ],
  ['DT_HASH where DT_GNU_HASH is empty', {symbols: imports}, 3, 'DT_HASH'],
  ['the section where DT_GNU_HASH is empty', {symbols: imports, hashes: ['gnu']}, 3, 'section'],
  ['the layout without sections', {symbols: imports, hashes: ['gnu'], sections: false}, 3, 'layout'],
  ['the layout without any hash table', {symbols, hashes: [], sections: false}, 5, 'layout'],
  [
    'DT_MIPS_SYMTABNO',
    {symbols, hashes: [], sections: false, machine: 8, dynamic: [[0x70000011, 5]]},
    5,
    'DT_MIPS_SYMTABNO',
  ],
]
for (const [name, spec, count, origin] of counts) {
  test(`counts symbols by ${name}`, () => {
    expect(tableOf(elfOf(spec).bytes)).toMatchObject({count, countOrigin: origin})
  })
}

test('a section of dynamic symbols that PT_DYNAMIC does not name is not used', () => {
  const {bytes, at} = elfOf({symbols: imports, hashes: ['gnu']})
  const moved = bytes.slice()
  moved.set([8], (at.get('sections') ?? 0) + 64 + 16)
  expect(tableOf(moved)).toMatchObject({count: 3, countOrigin: 'layout'})
})

test('finds names without listing them', () => {
  const found = tableOf(elfOf({symbols}).bytes).find(new NameSet(['printf', 'table', 'absent', 'main_loo', 'intf']))
  expect(found).toEqual({undefined: new Set(['printf']), defined: new Set(['table'])})
})

test('a name outside the strings is left empty; the others are read', () => {
  const {bytes, at} = elfOf({symbols})
  const broken = bytes.slice()
  broken.set([0xff, 0xff, 0xff, 0x7f], (at.get('dynsym') ?? 0) + 24)
  const table = tableOf(broken)
  expect([table.unreadNames, table.list().map(({name}) => name)]).toEqual([1, ['', 'environ', 'main_loop', 'table']])
})

const lies: [name: string, change: (bytes: Uint8Array, at: ReadonlyMap<string, number>) => void, message: string][] = [
  ['DT_HASH says 2^31 symbols', (b, at) => b.set([0, 0, 0, 0x80], (at.get('hash') ?? 0) + 4), 'there is room for'],
  ['DT_GNU_HASH has 2^32 buckets', (b, at) => b.set([255, 255, 255, 255], at.get('gnuHash') ?? 0), 'buckets'],
  [
    'a bucket of DT_GNU_HASH is 2^32 - 1',
    (b, at) => b.set([255, 255, 255, 255], (at.get('gnuHash') ?? 0) + 24),
    'no end',
  ],
]
for (const [name, change, message] of lies) {
  test(`${name}: warns and reads what is there`, () => {
    const {bytes, at} = elfOf({symbols, hashes: name.startsWith('DT_HASH') ? ['sysv'] : ['gnu'], sections: false})
    const copy = bytes.slice()
    change(copy, at)
    const elf = readElf(memorySource(copy), 'x')
    const table = elf.symbols()
    expect(elf.warnings).toContainEqual(expect.objectContaining({message: expect.stringContaining(message)}))
    expect(isUnreadable(table) ? [] : table?.list().map(({name}) => name)).toEqual(
      expect.arrayContaining(['printf', 'table']),
    )
  })
}

test('chains of DT_HASH that go round cost nothing: they are not followed', () => {
  const {bytes, at} = elfOf({symbols: imports, hashes: ['sysv'], sections: false})
  const round = bytes.slice()
  round.set([2, 0, 0, 0, 1, 0, 0, 0], (at.get('hash') ?? 0) + 16)
  expect(tableOf(round).count).toBe(3)
})

test('reads versions of imports and definitions, with the hidden bit', () => {
  const versions = {
    indexes: [0, 2, 1, 0x8003, 4],
    needed: [{library: 'libc.so.6', versions: [[2, 'GLIBC_2.34']] as const}],
    defined: [
      [3, 'X_1'],
      [4, 'X_2'],
    ] as const,
  }
  for (const little of [true, false]) {
    const bytes = elfOf({symbols, little, versions, needed: ['libc.so.6']}).bytes
    expect(
      tableOf(bytes)
        .list()
        .map(({version}) => version),
    ).toEqual([
      {name: 'GLIBC_2.34', library: 'libc.so.6', hidden: false},
      null,
      {name: 'X_1', library: null, hidden: true},
      {name: 'X_2', library: null, hidden: false},
    ])
  }
})

test('a list of versions whose links lead outside ends with a warning, and keeps what it had', () => {
  const library = (name: string, index: number) => ({library: name, versions: [[index, `V_${index}`]] as const})
  const versions = {indexes: [0, 2, 3, 1, 1], needed: [library('liba.so', 2), library('libb.so', 3)]}
  const {bytes, at} = elfOf({symbols, versions})
  const broken = bytes.slice()
  broken.set([0xff, 0xff, 0xff, 0x7f], (at.get('verneed') ?? 0) + 12)
  const elf = readElf(memorySource(broken), 'x')
  const table = elf.symbols()
  expect(isUnreadable(table) ? [] : table?.list().map(({version}) => version?.name)).toEqual([
    'V_2',
    '',
    undefined,
    undefined,
  ])
  expect(elf.warnings).toMatchObject([{code: 'ELF_BAD_TABLE', message: expect.stringContaining('leaves its segment')}])
})
