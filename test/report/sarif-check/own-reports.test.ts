import {readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {expect, test} from 'vitest'
import {openDatabase} from '../../../src/advisory/database.js'
import type {Report} from '../../../src/model/report.js'
import {LibcTables} from '../../../src/musl/index.js'
import {sarif} from '../../../src/report/sarif.js'
import {checkSarif} from '../../../src/report/sarif-check/index.js'
import {scan} from '../../../src/scan.js'
import {reports} from '../../support/reports.js'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const images = join(root, 'test/fixtures/images')

async function problemsOf(report: Report): Promise<string[]> {
  const text = await sarif.render(report, {color: false, width: 100})
  const {problems} = await checkSarif(Buffer.from(text))
  return problems.map(({level, code, path, message}) => `${level} ${code} ${path}: ${message}`)
}

for (const [name, report] of reports) {
  test(`GitHub takes the SARIF of a report as it is: ${name}`, async () => {
    const said = report.complete ? [] : ['warning SARIF_NOT_SUCCESSFUL runs[0].invocations[0].executionSuccessful']
    expect((await problemsOf(report)).map((text, index) => text.slice(0, said[index]?.length))).toEqual(said)
  })
}

for (const name of readdirSync(images)) {
  test(`GitHub takes the SARIF of a scan as it is: ${name}`, async () => {
    const {report} = await scan(join(images, name), {
      database: openDatabase(join(root, 'data')),
      libc: new LibcTables(table => readFileSync(join(root, 'data/libc', `${table}.tsv`), 'utf8')),
      today: '2026-01-20',
    })
    expect(report.findings.length).toBeGreaterThan(5)
    expect(await problemsOf(report)).toEqual([])
  })
}
