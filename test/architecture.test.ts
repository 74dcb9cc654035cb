import {readdirSync, readFileSync} from 'node:fs'
import {dirname, join, relative, sep} from 'node:path'
import {fileURLToPath} from 'node:url'
import {expect, test} from 'vitest'

const source = fileURLToPath(new URL('../src', import.meta.url))

/** What each room may import besides itself. The same table stands in src/README.md. */
const table: Readonly<Record<string, readonly string[]>> = {
  model: [],
  bytes: ['model'],
  cache: ['model'],
  archive: ['model', 'bytes'],
  elf: ['model', 'bytes'],
  apk: ['model', 'bytes', 'archive'],
  net: ['model', 'bytes'],
  source: ['model', 'bytes', 'archive', 'apk', 'net'],
  rootfs: ['model', 'bytes', 'archive'],
  musl: ['model', 'elf'],
  advisory: ['model', 'bytes', 'archive', 'apk', 'net'],
  facts: ['model', 'archive', 'rootfs', 'apk', 'elf', 'musl', 'advisory'],
  dockerfile: ['model'],
  fix: ['model', 'apk', 'dockerfile'],
  rules: ['model'],
  policy: ['model'],
  report: ['model'],
  github: ['model', 'net'],
}

/** Above the rooms: these may import any of them. */
const above = ['scan.ts', 'scan', 'index.ts', 'version.ts', 'cli', 'commands']

interface Import {
  readonly file: string
  readonly room: string
  readonly target: string
}

function roomOf(path: string): string {
  return relative(source, path).split(sep)[0] ?? ''
}

function* importsOf(file: string): Generator<Import> {
  const text = readFileSync(file, 'utf8')
  for (const [, specifier] of text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)) {
    if (specifier === undefined) continue
    const target = specifier.startsWith('.')
      ? roomOf(join(dirname(file), specifier.replace(/\.js$/, '.ts')))
      : specifier
    yield {file: relative(source, file), room: roomOf(file), target}
  }
}

const files = readdirSync(source, {recursive: true, encoding: 'utf8'})
  .filter(path => path.endsWith('.ts'))
  .map(path => join(source, path))
const imports = files.flatMap(file => [...importsOf(file)])

test('every folder of src is a room of the table, or stands above them', () => {
  const rooms = new Set(files.map(roomOf))
  expect([...rooms].filter(room => !(room in table) && !above.includes(room))).toEqual([])
})

test('rooms import only what the table allows', () => {
  const wrong = imports.filter(({room, target, file}) => {
    if (above.includes(room) || !isRoom(target)) return false
    return target !== room && !(table[room] ?? []).includes(target) && file !== ''
  })
  expect(wrong).toEqual([])
})

test('only cli and commands know oclif', () => {
  const wrong = imports.filter(
    ({target, room}) => target.startsWith('@oclif/') && room !== 'cli' && room !== 'commands',
  )
  expect(wrong).toEqual([])
})

test('only cli and commands print or end the process', () => {
  const wrong = files.filter(file => {
    const room = roomOf(file)
    if (room === 'cli' || room === 'commands') return false
    return /\bconsole\.\w|process\.(?:exit|exitCode|stdout|stderr)\b/.test(readFileSync(file, 'utf8'))
  })
  expect(wrong).toEqual([])
})

test('the table in src/README.md is this table', () => {
  const readme = readFileSync(join(source, 'README.md'), 'utf8')
  for (const [room, allowed] of Object.entries(table)) {
    const row = readme.split('\n').find(line => line.includes(`| \`${room}/\` `))
    const cell = row?.split('|').at(-2)?.trim()
    expect([room, cell]).toEqual([room, allowed.length === 0 ? 'nothing' : allowed.join(', ')])
  }
})

function isRoom(target: string): boolean {
  return target in table || above.includes(target)
}
