import {execFileSync} from 'node:child_process'
import {mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {afterAll, expect, test} from 'vitest'
import {libcTables} from '../../src/cli/database.js'
import {type ScanResult, scan} from '../../src/scan.js'
import {shared} from '../support/shared.js'

/** Real packages, laid out in a real Alpine: what `npm pack` and `pip download` fetch, about a megabyte. */

const alpine = shared('corpus/rootfs/alpine-3.23.2-x86_64.tar.gz')
const root = mkdtempSync(join(tmpdir(), 'piton-native-'))
const work = join(root, 'work')
const tree = join(root, 'tree')
afterAll(() => rmSync(root, {recursive: true, force: true}))

function npm(spec: string, folder: string): void {
  const name = execFileSync('npm', ['pack', '--silent', spec], {cwd: work, encoding: 'utf8'}).trim()
  const to = join(tree, 'app/node_modules', folder)
  mkdirSync(to, {recursive: true})
  execFileSync('tar', ['xzf', join(work, name), '-C', to, '--strip-components=1'])
}

function wheel(spec: string, platform: string, to: string): void {
  const into = mkdtempSync(join(work, 'wheel-'))
  const flags = ['--no-deps', '--only-binary=:all:', '--python-version', '312', '--platform', platform]
  execFileSync('pip', ['download', '-q', ...flags, '-d', into, spec], {stdio: 'pipe'})
  const [name] = readdirSync(into)
  mkdirSync(join(tree, to), {recursive: true})
  execFileSync('python3', ['-m', 'zipfile', '-e', join(into, name ?? ''), join(tree, to)])
}

test.skipIf(alpine === null)('native modules of real packages', async () => {
  mkdirSync(work)
  mkdirSync(tree)
  // Devices cannot be made by everyone, and nothing here asks for them.
  execFileSync('tar', ['xzf', alpine ?? '', '-C', tree, '--exclude=dev', '--no-same-owner'], {stdio: 'pipe'})
  npm('bufferutil@4.1.0', 'bufferutil')
  npm('utf-8-validate@6.0.6', 'utf-8-validate')
  npm('@lydell/node-pty-linux-x64@1.1.0', '@lydell/node-pty-linux-x64')
  npm('@reflink/reflink-linux-x64-gnu@0.1.19', '@reflink/reflink-linux-x64-gnu')
  npm('@cbor-extract/cbor-extract-linux-x64@2.2.2', '@cbor-extract/cbor-extract-linux-x64')
  wheel('markupsafe==2.1.5', 'manylinux2014_x86_64', 'usr/lib/python3.12/site-packages')
  wheel('wrapt==1.16.0', 'musllinux_1_1_x86_64', 'usr/lib/python3.12/site-packages')
  writeFileSync(join(tree, 'app/run.sh'), '#!/bin/bash\n', {mode: 0o755})
  const options = {database: null, today: '2026-01-01', policy: {checks: ['musl']}} as const
  const undecided = ['@lydell/node-pty-linux-x64 1.1.0', 'MarkupSafe 2.1.5', 'bufferutil 4.1.0'].map(
    name => `medium ${name}`,
  )
  const bash = 'medium app/run.sh'
  expect(findingsOf(await scan(tree, options))).toEqual(
    ['high @reflink/reflink-linux-x64-gnu 0.1.19', bash, ...undecided].sort(),
  )

  // musl's real loader opens bufferutil and MarkupSafe, and misses __asprintf_chk for node-pty; utf-8-validate brings a build for each.
  const libc = libcTables(fileURLToPath(new URL('../..', import.meta.url)))
  expect(findingsOf(await scan(tree, {...options, libc}))).toEqual([
    'high @lydell/node-pty-linux-x64 1.1.0',
    'high @reflink/reflink-linux-x64-gnu 0.1.19',
    bash,
  ])
})

function findingsOf({report}: ScanResult): string[] {
  const found = report.findings.filter(({rule}) => rule === 'PT3005' || rule === 'PT3006')
  const texts = found.map(({severity, packages: [pkg], path}) => {
    return `${severity} ${pkg === undefined ? path : `${pkg.name} ${pkg.version}`}`
  })
  return texts.sort()
}
