// biome-ignore-all lint/suspicious/noTemplateCurlyInString: a builder expands it, not we
import {describe, expect, test} from 'vitest'
import {applyChanges} from '../../src/dockerfile/edit.js'
import {parseDockerfile} from '../../src/dockerfile/index.js'
import {chainOf} from '../../src/dockerfile/stages.js'
import {baseTagOf, branchOfTag, tagEdit} from '../../src/fix/base-tag.js'
import {alpine319, alpine321} from '../support/facts.js'

function edited(text: string): string {
  const dockerfile = parseDockerfile(text)
  const edit = tagEdit(dockerfile, chainOf(dockerfile, null, new Map()), [alpine319, alpine321], new Map())
  return edit.change === null ? `stays: ${edit.why}` : applyChanges(text, [edit.change])
}

describe('the tag of the base image', () => {
  const cases: [before: string, after: string][] = [
    ['FROM alpine:3.19.0', 'FROM alpine:3.19.9'],
    ['from  alpine:3.19.0   as  one', 'from  alpine:3.19.9   as  one'],
    [
      'FROM --platform=$BUILDPLATFORM alpine:3.19.0 AS alpine-3.19.0',
      'FROM --platform=$BUILDPLATFORM alpine:3.19.9 AS alpine-3.19.0',
    ],
    ['FROM "alpine:3.19.0"', 'FROM "alpine:3.19.9"'],
    ['FROM \\\n# alpine:3.19.0\n  alpine:3.19.0 \\\n  AS x', 'FROM \\\n# alpine:3.19.0\n  alpine:3.19.9 \\\n  AS x'],
    ['FROM registry.example:5000/library/alpine:3.19.1', 'FROM registry.example:5000/library/alpine:3.19.9'],
    ['ARG V=3.19.0\nFROM alpine:$V', 'ARG V=3.19.9\nFROM alpine:$V'],
    ["ARG V='3.19.0'\nFROM alpine:${V}", "ARG V='3.19.9'\nFROM alpine:${V}"],
    ['ARG A=1 V=3.19.0 B=3.19.0\nFROM alpine:$V', 'ARG A=1 V=3.19.9 B=3.19.0\nFROM alpine:$V'],
    ['ARG V=3.19.0\nARG V=3.19.1\nFROM alpine:$V', 'ARG V=3.19.0\nARG V=3.19.9\nFROM alpine:$V'],
    ['ARG V=3.19.0\nARG W=$V\nFROM alpine:$W', 'ARG V=3.19.9\nARG W=$V\nFROM alpine:$W'],
    ['ARG IMAGE=alpine:3.19.0\nFROM ${IMAGE}', 'ARG IMAGE=alpine:3.19.9\nFROM ${IMAGE}'],
    ['ARG V\nFROM alpine:${V:-3.19.0}', 'ARG V\nFROM alpine:${V:-3.19.9}'],
    [
      'ARG R=docker.io/library\nARG V=3.19.0\nFROM $R/alpine:$V',
      'ARG R=docker.io/library\nARG V=3.19.9\nFROM $R/alpine:$V',
    ],
    ['FROM alpine:3.19.0 AS a\nFROM a', 'FROM alpine:3.19.9 AS a\nFROM a'],
    ['FROM alpine:3.19.0 AS a\nFROM alpine:3.21.0', 'FROM alpine:3.19.0 AS a\nFROM alpine:3.21.8'],
    ['FROM alpine:3.19.9', 'stays: null'],
    ['FROM alpine:3.19.10', 'stays: null'],
    ['FROM alpine:3.19', 'stays: null'],
    ['FROM alpine:3', 'stays: null'],
    ['FROM alpine', 'stays: null'],
    ['FROM alpine:edge', 'stays: null'],
    ['FROM alpine:20240329', 'stays: null'],
    ['FROM alpine:3.19.0_rc1', 'stays: null'],
    ['FROM alpine:2.7.0', 'stays: null'],
    ['FROM scratch', 'stays: null'],
    ['FROM node:20.1.0-alpine3.19', 'stays: null'],
    ['FROM team/alpine-tools:3.19.0', 'stays: null'],
    ['ARG V\nFROM alpine:$V', 'stays: what FROM names comes from an ARG without a value'],
    [
      'ARG A=3.19\nARG B=0\nFROM alpine:$A.$B',
      'stays: alpine:3.19.0 is put together from more than one ARG; 3.19.9 is the newest patch release',
    ],
    ['FROM team/alpine:3.19.0', "stays: team/alpine:3.19.0 is not Alpine's own: whether it has 3.19.9 is not known"],
  ]
  for (const [before, after] of cases) test(JSON.stringify(before), () => expect(edited(before)).toBe(after))

  test('is found soon among many ARGs of one name', () => {
    const started = performance.now()
    edited(`${'ARG V=3.19.0\n'.repeat(40_000)}FROM alpine:$V`)
    expect(performance.now() - started).toBeLessThan(5000)
  })
})

test('parts of a name', () => {
  expect(baseTagOf('localhost:5000/library/alpine')).toEqual({
    image: 'localhost:5000/library/alpine',
    tag: '',
    digest: null,
    isAlpine: true,
  })
  expect(baseTagOf('alpine:3.19.0@sha256:00')).toMatchObject({tag: '3.19.0', digest: 'sha256:00'})
  expect(['3.19.0', '3.19', '3.19-x', '3', 'edge', '3.190.1'].map(branchOfTag)).toEqual([
    'v3.19',
    'v3.19',
    'v3.19',
    null,
    null,
    'v3.190',
  ])
})
