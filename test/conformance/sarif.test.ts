import {readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {describe, expect, test} from 'vitest'
import {openDatabase} from '../../src/advisory/database.js'
import {PitonError} from '../../src/model/errors.js'
import type {Report} from '../../src/model/report.js'
import {LibcTables} from '../../src/musl/index.js'
import {sarif} from '../../src/report/sarif.js'
import {checkSarif} from '../../src/report/sarif-check/index.js'
import {scan} from '../../src/scan.js'
import {validateSARIF} from '../support/multitool.js'
import {shared} from '../support/shared.js'

const data = fileURLToPath(new URL('../../data', import.meta.url))
const database = openDatabase(data)
const libc = new LibcTables(table => readFileSync(join(data, 'libc', `${table}.tsv`), 'utf8'))

/** @returns null for what holds nothing that can be reported */
async function scanned(target: string): Promise<Report | null> {
  try {
    const {report} = await scan(target, {database, libc, today: '2026-01-20', allowEmpty: true})
    // From the sources it is `dev`, which the validator takes for no version.
    return {...report, tool: {...report.tool, version: '0.1.0'}}
  } catch (error) {
    if (error instanceof PitonError) return null
    throw error
  }
}

for (const name of ['images', 'rootfs']) {
  const folder = shared(`corpus/${name}`)
  describe.skipIf(folder === null)(`the SARIF of every target in ${name}`, () => {
    for (const entry of folder === null ? [] : readdirSync(folder)) {
      if (/\.(?:ndjson|md)$/.test(entry)) continue
      test(entry, async () => {
        const report = await scanned(join(folder ?? '', entry))
        if (report === null) return
        const text = await sarif.render(report, {color: false, width: 100})
        const {problems} = await checkSarif(Buffer.from(text))
        const said = problems.map(({level, code, path, message}) => `${level} ${code} ${path}: ${message}`)
        expect(said.filter(problem => !problem.startsWith('warning SARIF_NOT_SUCCESSFUL '))).toEqual([])
        expect(said).toHaveLength(report.complete ? 0 : 1)
        expect(validateSARIF(text)).toEqual([])
      })
    }
  })
}
