import {mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {oneErrorLine, piton, temporaryFolder} from '../support/piton.js'

const database = `C:Q1aaaaaaaaaaaaaaaaaaaaaaaaaaa=
P:musl
V:1.2.4-r2
A:x86_64
L:MIT
p:so:libc.musl-x86_64.so.1=1

C:Q1bbbbbbbbbbbbbbbbbbbbbbbbbbb=
P:busybox
V:1.36.1-r5
A:x86_64
L:GPL-2.0-only
D:so:libc.musl-x86_64.so.1

`

function rootfs(): string {
  const root = join(temporaryFolder(), 'root')
  mkdirSync(join(root, 'lib/apk/db'), {recursive: true})
  mkdirSync(join(root, 'etc'))
  writeFileSync(join(root, 'lib/apk/db/installed'), database)
  writeFileSync(join(root, 'etc/os-release'), 'ID=alpine\nVERSION_ID=3.18.4\nPRETTY_NAME="Alpine Linux v3.18"\n')
  writeFileSync(join(root, 'app'), '\u007fELF cut short')
  return root
}

test.concurrent('CycloneDX unless asked: packages, what they need, and nothing that was checked', async () => {
  const {code, stdout, stderr} = await piton(['sbom', rootfs()])
  expect([code, stderr]).toEqual([0, ''])
  const {components, dependencies, vulnerabilities, metadata, compositions} = JSON.parse(stdout)
  const musl = 'pkg:apk/alpine/musl@1.2.4-r2?arch=x86_64&distro=alpine-3.18.4'
  const busybox = 'pkg:apk/alpine/busybox@1.36.1-r5?arch=x86_64&distro=alpine-3.18.4'
  expect(components.map((one: {readonly 'bom-ref': string}) => one['bom-ref'])).toEqual([
    'os:alpine@3.18.4',
    musl,
    busybox,
  ])
  expect(dependencies).toContainEqual({ref: busybox, dependsOn: [musl]})
  expect([vulnerabilities, compositions]).toEqual([[], undefined])
  expect(JSON.stringify(metadata.properties)).toContain('Packages were not checked for vulnerabilities')
})

test.concurrent('both bills of materials in one run, with the same bytes in the next', async () => {
  const [root, folder] = [rootfs(), temporaryFolder()]
  const files = ['a.cdx.json', 'a.spdx.json', 'b.cdx.json', 'b.spdx.json'].map(name => join(folder, name))
  for (const [cyclonedx, spdx] of [files.slice(0, 2), files.slice(2)]) {
    const args = ['-o', `cyclonedx=${cyclonedx}`, '-o', `spdx=${spdx}`, '--at', '2026-01-31']
    expect(await piton(['sbom', root, ...args])).toMatchObject({code: 0, stdout: '', stderr: ''})
  }
  const [a, b, c, d] = files.map(file => readFileSync(file, 'utf8'))
  expect([c, d]).toEqual([a, b])
  expect(JSON.parse(b ?? '')).toMatchObject({
    spdxVersion: 'SPDX-2.3',
    creationInfo: {created: '2026-01-31T00:00:00Z'},
  })
})

test.concurrent('a target without packages is refused, or listed if that is asked for', async () => {
  const root = temporaryFolder()
  writeFileSync(join(root, 'file'), 'x')
  const {code, stdout, stderr} = await piton(['sbom', root])
  expect([code, stdout]).toEqual([2, ''])
  expect(stderr).toMatch(oneErrorLine)
  expect(stderr).toContain('no apk package database.')
  expect(await piton(['sbom', root, '--allow-empty'])).toMatchObject({code: 0})
})

const wrong: [args: string[], message: string][] = [
  [['-o', 'table'], 'there is no output format "table". Formats: cyclonedx, spdx.'],
  [['-o', 'spdx', '-o', 'cyclonedx'], 'two reports cannot both go to standard output'],
  [['--fail-on', 'high'], '--fail-on'],
  [['--at', 'today'], '--at "today" is not a day'],
]
for (const [args, message] of wrong) {
  test.concurrent(`piton sbom ${args.join(' ')} is refused`, async () => {
    const {code, stdout, stderr} = await piton(['sbom', rootfs(), ...args])
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(oneErrorLine)
    expect(stderr).toContain(message)
  })
}
