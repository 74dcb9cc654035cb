import {expect, test} from 'vitest'
import type {Audit, FileMove} from '../../src/model/audit.js'
import {auditTable} from '../../src/report/audit-table.js'
import {reportOf} from '../support/report.js'

const options = {color: false, width: 80}

function moveOf(overrides: Partial<FileMove> = {}): FileMove {
  return {path: 'app/x', outcome: 'runs', packages: [], blockers: [], isDistribution: false, ...overrides}
}

function render(files: readonly FileMove[], more: Partial<Audit> = {}): string {
  const packages = [...new Set(files.flatMap(file => file.packages))]
  const audit: Audit = {
    alpine: {branch: 'v3.21', musl: '1.2.5'},
    gcompat: false,
    files,
    packages,
    packageListDate: '2026-01-01',
    ...more,
  }
  return auditTable.render(reportOf({}, {audit}), options) as string
}

const answers: [name: string, files: FileMove[], answer: RegExp][] = [
  [
    'all run',
    [moveOf(), moveOf({path: 'app/y', outcome: 'packages', packages: ['libgcc']})],
    /answer +yes: 2 files of yours all run\./,
  ],
  [
    'one needs gcompat',
    [moveOf({outcome: 'gcompat', packages: ['gcompat']})],
    /answer +yes, with gcompat: 1 file of 1 needs it\./,
  ],
  [
    'one must be rebuilt',
    [moveOf(), moveOf({path: 'app/y', outcome: 'rebuild', blockers: ['symbol a']})],
    /answer +not yet: 1 of 2 files of yours has to be rebuilt/,
  ],
  [
    'nothing of yours',
    [moveOf({isDistribution: true})],
    /answer +there are no ELF files but those of the distribution\./,
  ],
]
for (const [name, files, answer] of answers) {
  test(`audit table: ${name}`, () => {
    expect(render(files)).toMatch(answer)
  })
}

test('audit table: what blocks stands with its file, and the Dockerfile begins the move', () => {
  const text = render([
    moveOf({path: 'app/a.so', outcome: 'rebuild', blockers: ['symbol one', 'library two']}),
    moveOf({path: 'app/b', outcome: 'packages', packages: ['libssl3']}),
    moveOf({path: 'usr/bin/old', isDistribution: true}),
  ])
  expect(text).toContain('  app/a.so\n    lacks symbol one, library two\n')
  expect(text).toContain('  app/b\n    apk add libssl3\n')
  expect(text).toContain('  FROM alpine:3.21\n  RUN apk add --no-cache libssl3\n')
  expect(text).toContain("Set apart: 1 ELF file of the old distribution's packages.")
  for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
})

test('audit table: names from the target stay harmless', () => {
  const text = render([moveOf({path: 'a\u001b[2Jb\u202e', outcome: 'rebuild', blockers: ['symbol \u001b[31m']})])
  expect(text).toContain('a\\u{1b}[2Jb\\u{202e}')
  expect(text).not.toMatch(/[^\P{Cc}\n]/u)
})
