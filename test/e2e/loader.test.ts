import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {elfOf} from '../support/elf.js'
import {temporaryFolder, writeFiles} from '../support/files.js'
import {piton} from '../support/piton.js'

const musl = elfOf({
  interpreter: null,
  soname: 'libc.musl-x86_64.so.1',
  symbols: ['__libc_start_main', 'stdin'].map(name => ({name, section: 1, value: 0x100})),
}).bytes
const library = elfOf({interpreter: null, soname: 'liba.so', needed: ['libc.so']}).bytes
const program = (interpreter: string) => elfOf({interpreter, needed: ['libc.so', 'liba.so']}).bytes

test('a program with a loader of its own finds libraries where that loader is told to look', async () => {
  const root = temporaryFolder()
  writeFiles(
    root,
    Object.entries({
      'lib/ld-musl-x86_64.so.1': musl,
      'srv/x/lib/ld.so': musl,
      'srv/x/etc/ld-musl-x86_64.path': '/opt\n',
      'opt/liba.so': library,
      'srv/x/bin/own': program('/srv/x/lib/ld.so'),
      'bin/other': program('/lib/ld-musl-x86_64.so.1'),
    }),
  )
  const report = join(temporaryFolder(), 'report.json')
  const {code} = await piton(['scan', `rootfs:${root}`, '-o', `json=${report}`])
  const {files}: {files: {path: string; musl: {verdict: string} | null}[]} = JSON.parse(readFileSync(report, 'utf8'))
  const verdicts = Object.fromEntries(files.map(({path, musl}) => [path, musl?.verdict]))
  expect([code, verdicts]).toMatchObject([0, {'srv/x/bin/own': 'loads', 'bin/other': 'missing_library'}])
})
