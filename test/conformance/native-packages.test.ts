import {execFileSync} from 'node:child_process'
import {mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, expect, test} from 'vitest'
import {type ScanResult, scan} from '../../src/scan.js'
import {shared} from '../support/shared.js'

/** Real packages, laid out in a real Alpine: what `npm pack` and `pip download` fetch, a few hundred kilobytes. */

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
  npm('bufferutil@4.0.8', 'bufferutil')
  npm('@parcel/watcher-linux-x64-glibc@2.4.1', '@parcel/watcher-linux-x64-glibc')
  npm('@img/sharp-linux-x64@0.33.0', '@img/sharp-linux-x64')
  npm('@img/sharp-linuxmusl-x64@0.33.0', '@img/sharp-linuxmusl-x64')
  wheel('markupsafe==2.1.5', 'manylinux2014_x86_64', 'usr/lib/python3.12/site-packages')
  wheel('wrapt==1.16.0', 'musllinux_1_1_x86_64', 'usr/lib/python3.12/site-packages')
  writeFileSync(join(tree, 'app/run.sh'), '#!/bin/bash\n', {mode: 0o755})
  const options = {database: null, today: '2026-01-01', policy: {checks: ['musl']}} as const
  expect(findingsOf(await scan(tree, options))).toEqual([
    'PT3005 @parcel/watcher-linux-x64-glibc 2.4.1',
    'PT3005 MarkupSafe 2.1.5',
    'PT3005 bufferutil 4.0.8',
    'PT3006 app/run.sh',
  ])
})

function findingsOf({report}: ScanResult): string[] {
  const texts = report.findings.map(({rule, packages: [pkg], path}) => {
    return `${rule} ${pkg === undefined ? path : `${pkg.name} ${pkg.version}`}`
  })
  return texts.sort()
}
