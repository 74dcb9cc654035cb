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

/**
 * Who may ask for the time, or for chance. An answer is given again for a whole UTC day (`cli/answers/`), so that none may
 * hang on either; who adds a file here says why it does not, or calls `refuseAgain()`.
 */
const timeAndChance = [
  // Only by commands that fetch, or through the network, whose answers are not kept.
  'advisory/update/',
  'cli/scan-upload.ts',
  'cli/update-progress.ts',
  'github/',
  'net/',
  'source/nameless-file.ts',
  // What is shown while it goes on, and with several targets.
  'cli/progress.ts',
  'cli/progress-of-several.ts',
  // What is remembered, never what is said.
  'cache/',
  'cli/answers/',
  // How long a block of zstd took: an error, if anything.
  'archive/zstd.ts',
  // The day, which is part of the question; and the hours since an update, which refuses.
  'cli/today.ts',
  'cli/refresh.ts',
]

test('nothing that is said hangs on the time of day, or on chance', () => {
  const asks = /\bDate\.now\b|\bnew Date\(\)|\bDate\(\)|performance\.now|Math\.random|random(?:UUID|Bytes|Int)|hrtime/
  const wrong = files
    .filter(file => asks.test(readFileSync(file, 'utf8')))
    .map(file => relative(source, file).split(sep).join('/'))
    .filter(file => !timeAndChance.some(known => file.startsWith(known)))
  expect(wrong).toEqual([])
})

test('modules of Node are asked for where it can be watched', () => {
  const unseen = /import\(\s*['"]node:|getBuiltinModule|process\.(?:binding|dlopen)/
  const wrong = files
    .map(file => relative(source, file).split(sep).join('/'))
    .filter(file => unseen.test(readFileSync(join(source, file), 'utf8')) && file !== 'cli/answers/ways-out.ts')
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
