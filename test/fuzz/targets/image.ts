import {mkdtempSync, readFileSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {openDatabase} from '../../../src/advisory/database.js'
import {LibcTables} from '../../../src/musl/index.js'
import {reporters} from '../../../src/report/index.js'
import {scan} from '../../../src/scan.js'
import {dynamicOf, R} from '../../support/elf-dynamic.js'
import {dockerArchive, ociArchive} from '../../support/images.js'
import {terminalCommands} from '../../support/piton.js'
import {smallSystem} from '../../support/small-system.js'
import {file, tarOf} from '../../support/tar.js'
import {dataFolder} from '../data-folder.js'
import {sharedFiles} from '../seeds.js'
import {mendTar} from '../tar-mend.js'
import {type FuzzTarget, insist} from '../target.js'

const database = openDatabase(dataFolder)
const libc = new LibcTables(name => readFileSync(join(dataFolder, 'libc', `${name}.tsv`), 'utf8'))
const path = join(mkdtempSync(join(tmpdir(), 'piton-fuzz-')), 'input')

/** A file as the target of a scan: a report that every format can write and no terminal obeys, or a refusal. */
export const target: FuzzTarget = {
  name: 'image',
  dictionary: [
    'manifest.json',
    'index.json',
    'oci-layout',
    'etc/os-release',
    'lib/apk/db/installed',
    '\nP:',
    '\nV:',
    '\u001b[2J',
    '.wh.',
    '\u202e',
    '<script>',
  ],
  mostBytes: 48 * 1024,
  mend: mendTar,
  *seeds() {
    const program = dynamicOf({
      interpreter: '/lib/ld-musl-x86_64.so.1',
      needed: ['libc.so', 'liba.so'],
      uses: [['x', R.call]],
    })
    const system = tarOf([
      ...smallSystem,
      file('bin/x', program, {mode: 0o4755}),
      file('bin/s', '#!/bin/bash\n', {mode: 0o755}),
    ])
    yield system
    yield dockerArchive({layers: [system, tarOf([file('bin/.wh.x')])], tags: ['a:1'], createdBy: ['RUN a', 'RUN b']})
    yield ociArchive({layers: [system]})
    yield program
    yield* sharedFiles('corpus/hostile/cases', /^(?:img|apkdb|tar)-.*\.tar$/, 30_000)
  },
  async run(input) {
    writeFileSync(path, input)
    const {report} = await scan(path, {database, libc, today: '2026-01-01', allowEmpty: true})
    for (const [name, reporter] of reporters) {
      const text = await reporter.render(report, {color: false, width: 100})
      insist(!terminalCommands.test(text), `${name} has nothing that a terminal obeys`)
    }
  },
}
