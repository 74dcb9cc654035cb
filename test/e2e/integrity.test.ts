import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {databasePath, releaseFiles} from '../support/alpine.js'
import {piton, temporaryFolder} from '../support/piton.js'
import {file, tarOf} from '../support/tar.js'

/** A root file system whose one package installed `a` at usr/bin/x, where now `b` is. */
function changed(): string {
  const path = join(temporaryFolder(), 'rootfs.tar')
  const sha1 = 'hvfkN/qlp/zhXR3cuerq6jd2Z7g='
  const database = ['C:Q1AAAAAAAAAAAAAAAAAAAAAAAAAAA=', 'P:p', 'V:1-r0', 'F:usr/bin', 'R:x', `Z:Q1${sha1}`, '', '']
  writeFileSync(
    path,
    tarOf([...releaseFiles('3.20.1'), file('usr/bin/x', 'b'), file(databasePath, database.join('\n'))]),
  )
  return path
}

const cases: [flags: string[], rules: string[]][] = [
  [[], []],
  [['--integrity'], ['PT1006']],
  [['--check', 'integrity'], ['PT1006']],
  [['--check', 'hardening'], []],
]
for (const [flags, rules] of cases) {
  test(`scan ${flags.join(' ')}: ${rules.join(' ') || 'nothing about files'}`, async () => {
    const {stdout} = await piton(['scan', changed(), '--at', '2024-08-01', '-o', 'json', ...flags])
    const found: {rule: string; path: string}[] = JSON.parse(stdout).findings
    expect(found.filter(({path}) => path === 'usr/bin/x').map(({rule}) => rule)).toEqual(rules)
  })
}
