import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'
import {onTestFinished} from 'vitest'
import {buildDatabase} from '../../src/advisory/build.js'
import {type AdvisoryDatabase, openDatabase} from '../../src/advisory/database.js'
import type {InstalledPackage} from '../../src/model/package.js'
import type {Warning} from '../../src/model/warning.js'

export type Secfixes = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>

/** A folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'piton-test-'))
  onTestFinished(() => rmSync(folder, {recursive: true, force: true}))
  return folder
}

/** A folder with these files in it. */
export function folderOf(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = temporaryFolder()
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), {recursive: true})
    writeFileSync(join(folder, path), text)
  }
  return folder
}

/** A document of the secdb. */
export function secdbOf(distroversion: string, reponame: string, secfixes: Secfixes): string {
  const packages = Object.entries(secfixes).map(([name, fixes]) => ({pkg: {name, secfixes: fixes}}))
  return JSON.stringify({distroversion, reponame, packages})
}

/** A database compiled from the `main` repository of v3.19, and what else is given. */
export async function databaseOf(
  secfixes: Secfixes,
  files: Readonly<Record<string, string | Uint8Array>> = {},
): Promise<{database: AdvisoryDatabase; folder: string; warnings: Warning[]}> {
  const from = folderOf({
    'secdb/last-update': '2025-01-04\n',
    'secdb/v3.19/main.json': secdbOf('v3.19', 'main', secfixes),
    ...files,
  })
  const folder = temporaryFolder()
  const warnings: Warning[] = []
  await buildDatabase({from, to: folder, warn: warning => warnings.push(warning)})
  return {database: openDatabase(folder), folder, warnings: warnings.filter(({code}) => code !== 'FEED_MISSING')}
}

/** An installed package, `name version` or `name version origin`. */
export function installed(text: string): InstalledPackage {
  const [name = '', version = '', origin = name] = text.split(' ')
  return {
    name,
    version,
    origin,
    architecture: 'x86_64',
    description: '',
    url: '',
    license: '',
    maintainer: '',
    commit: '',
    buildTime: null,
    depends: [],
    provides: [],
    installIf: [],
    replaces: [],
    sizeBytes: null,
    installedBytes: null,
    checksum: '',
    repositoryTag: '',
    flags: '',
    files: [],
    line: 1,
    layer: 0,
    purl: '',
  }
}
