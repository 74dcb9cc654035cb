import {file, folder, type TarItem} from './tar.js'

export interface PackageParts {
  readonly name: string
  readonly version: string
  readonly origin?: string
  readonly files?: readonly string[]
  readonly depends?: string
  readonly provides?: string
}

/** A record of apk's installed database. */
export function apkRecord({name, version, origin = name, files = [], depends, provides}: PackageParts): string {
  const folders = new Map<string, string[]>()
  for (const path of files) {
    const slash = path.lastIndexOf('/')
    const inFolder = path.slice(0, Math.max(0, slash))
    folders.set(inFolder, [...(folders.get(inFolder) ?? []), path.slice(slash + 1)])
  }
  return [
    'C:Q1AAAAAAAAAAAAAAAAAAAAAAAAAAA=',
    `P:${name}`,
    `V:${version}`,
    'A:x86_64',
    'S:1000',
    'I:4096',
    `T:${name}`,
    'U:https://example.org/',
    'L:MIT',
    `o:${origin}`,
    ...(depends === undefined ? [] : [`D:${depends}`]),
    ...(provides === undefined ? [] : [`p:${provides}`]),
    ...[...folders].flatMap(([inFolder, names]) => [
      `F:${inFolder}`,
      ...names.flatMap(base => [`R:${base}`, 'a:0:0:755']),
    ]),
    '',
    '',
  ].join('\n')
}

export const databasePath = 'lib/apk/db/installed'

export function apkDatabase(packages: readonly PackageParts[]): TarItem {
  return file(databasePath, packages.map(apkRecord).join(''))
}

/** What identifies a release of Alpine. */
export function releaseFiles(version: string): TarItem[] {
  const branch = version.split('.').slice(0, 2).join('.')
  return [
    folder('etc'),
    file('etc/alpine-release', `${version}\n`),
    file(
      'etc/os-release',
      `NAME="Alpine Linux"\nID=alpine\nVERSION_ID=${version}\nPRETTY_NAME="Alpine Linux v${branch}"\n`,
    ),
  ]
}

/** Alpine's two repositories for a branch such as `v3.18`. */
export function repositoriesFile(branch: string): TarItem {
  const base = 'https://dl-cdn.alpinelinux.org/alpine'
  return file('etc/apk/repositories', `${base}/${branch}/main\n${base}/${branch}/community\n`)
}

/** The smallest thing that is an ELF file: a header that names no tables. */
export function tinyElf(): Buffer {
  const bytes = Buffer.alloc(64)
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1])
  bytes.writeUInt16LE(3, 16)
  bytes.writeUInt16LE(62, 18)
  bytes.writeUInt32LE(1, 20)
  bytes.writeUInt16LE(64, 52)
  return bytes
}
