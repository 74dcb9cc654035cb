import {expect, test} from 'vitest'
import {expandText} from '../../src/dockerfile/expand.js'
import {mapLayers} from '../../src/dockerfile/index.js'
import {entry, linesOf, mapOf} from '../support/dockerfiles.js'

const values = new Map([
  ['A', 'x'],
  ['B', ''],
])

/** What BuildKit's documentation says of "Environment replacement". */
const expansions: [text: string, expanded: string, complete?: boolean][] = [
  [`$A \${A} a$A/$A`, 'x x ax/x'],
  [`\\$A \\\${A} $`, `$A \${A} $`],
  ['\'$A\' "$A" "\'$A\'"', "$A x 'x'"],
  ['"a \\"b\\" \\c"', 'a "b" \\c'],
  [`\${A:-y}\${B:-y}\${C:-y}`, 'xyy'],
  [`\${A-y}\${B-y}\${C-y}`, 'xy'],
  [`\${A:+y}\${B:+y}\${C:+y}`, 'y'],
  [`\${A+y}\${B+y}\${C+y}`, 'yy'],
  [`\${A:?no}`, 'x'],
  [`\${C:-\${A}/\${D:-z}}`, 'x/z'],
  [`$C/\${C}`, `$C/\${C}`, false],
  [`\${C:?no}`, `\${C:?no}`, false],
  [`\${A#x}/b`, `\${A#x}/b`, false],
  [`\${A`, `\${A`, false],
  [`\${}`, `\${}`, false],
]
for (const [text, expanded, complete = true] of expansions) {
  test(`expands ${text}`, () => {
    expect(expandText(text, '\\', name => values.get(name))).toEqual({text: expanded, complete})
  })
}

test('the escape of the escape directive takes the meaning from a variable', () => {
  expect(expandText('`$A c:\\$A', '`', name => values.get(name)).text).toBe('$A c:\\x')
})

test('what would become too long stays as it is', () => {
  const long = 'x'.repeat(40_000)
  expect(expandText('$A$A', '\\', () => long)).toEqual({text: '$A$A', complete: false})
})

const copies: [name: string, lines: string, copied: string][] = [
  ['ENV beats ARG', 'ENV A=env\nARG A=arg\nCOPY $A /', 'env'],
  ['ENV from an ARG', 'ARG A=1\nENV B=v$A C="$A 2"\nCOPY $B $C /', 'v1 1 2'],
  ['the old form of ENV', 'ENV A b c\nCOPY $A /', 'b c'],
  ['ARG before FROM, asked for', 'ARG GLOBAL\nCOPY $GLOBAL /', 'out'],
  ['ARG before FROM with another default', 'ARG GLOBAL=in\nCOPY $GLOBAL /', 'in'],
  ['ARG before FROM, not asked for', 'COPY $GLOBAL /', '$GLOBAL'],
  ['an ARG of the platform', 'ARG TARGETARCH\nCOPY $TARGETARCH /', 'arm64'],
  ['--build-arg, as the history tells', 'ARG GIVEN=1\nCOPY $GIVEN /', 'given'],
  ['ENV of the base image, as the history tells', 'COPY $BASE /', 'base'],
]
for (const [name, lines, copied] of copies) {
  test(`variables of a stage: ${name}`, () => {
    const text = `ARG GLOBAL=out\nFROM a\n${lines}`
    const history = [
      entry('ADD a / # buildkit'),
      entry('ENV BASE=base', true),
      entry('ARG GIVEN=given', true),
      entry(`COPY ${copied} / # buildkit`),
    ]
    const platform = {os: 'linux', architecture: 'arm64'}
    const dockerfile = {path: 'Dockerfile', text}
    const map = mapLayers({dockerfile, target: null, history, diffIDs: [0, 1], platform})
    expect(linesOf(map)).toEqual(['base 2', `exact ${2 + lines.split('\n').length}`])
  })
}

const references: [name: string, text: string, reference: string | null, line: number][] = [
  ['an image', 'FROM alpine:3.20', 'alpine:3.20', 1],
  ['a platform', 'FROM --platform=linux/arm64 alpine AS a', 'alpine', 1],
  ['an ARG with a default', 'ARG V=3.20\nFROM alpine:$V', 'alpine:3.20', 2],
  ['an ARG of an ARG', `ARG V=3\nARG T=$V.20\nFROM alpine:\${T}`, 'alpine:3.20', 3],
  ['an ARG without a default', 'ARG V\nFROM alpine:$V', null, 2],
  ['a default in place', `ARG V\nFROM alpine:\${V:-3.20}`, 'alpine:3.20', 2],
  ['the last stage', 'FROM a\nFROM b', 'b', 2],
  ['an earlier stage', 'FROM a AS x\nFROM b\nFROM X', 'a', 1],
  ['an earlier stage of an earlier stage', 'FROM a AS x\nFROM x AS y\nFROM y', 'a', 1],
  ['an earlier stage through an ARG', 'ARG S=x\nFROM a AS x\nFROM $S', 'a', 2],
  ['a later stage is an image', 'FROM y AS x\nFROM a AS y\nFROM x', 'y', 1],
  ['a stage named like its image', 'FROM alpine AS alpine\nFROM alpine', 'alpine', 1],
  ['nothing', 'FROM scratch', 'scratch', 1],
]
for (const [name, text, reference, line] of references) {
  test(`the base image: ${name}`, () => {
    expect(mapOf(text, []).base).toMatchObject({reference, location: {file: 'Dockerfile', startLine: line}})
  })
}

const stages = `FROM alpine AS base
RUN apk add musl
FROM golang AS build
RUN go build
FROM base AS app
COPY --from=build /out /app
FROM base
RUN apk add curl
`
const targets: [name: string, target: string | null, layers: string[], lines: string[]][] = [
  ['the last stage', null, ['RUN apk add musl', 'RUN apk add curl'], ['base 1', 'exact 2', 'exact 8']],
  ['a name', 'App', ['RUN apk add musl', 'COPY /out /app'], ['base 1', 'exact 2', 'exact 6']],
  ['a number', '1', ['RUN go build'], ['base 3', 'exact 4']],
]
for (const [name, target, layers, lines] of targets) {
  test(`--target: ${name}`, () => {
    const history = ['ADD rootfs.tar /', ...layers].map(line => entry(`${line} # buildkit`))
    expect(linesOf(mapOf(stages, history, target))).toEqual(lines)
  })
}

test('what ONBUILD of an earlier stage runs stands at the ONBUILD, and only in the stage after it', () => {
  const text = 'FROM a AS x\nONBUILD RUN b\nFROM x AS y\nRUN c\nFROM y\nRUN d'
  const history = ['ADD rootfs.tar /', 'RUN b', 'RUN c', 'RUN d'].map(line => entry(`${line} # buildkit`))
  expect(linesOf(mapOf(text, history))).toEqual(['base 1', 'exact 2', 'exact 4', 'exact 6'])
})

test('COPY --from names its stage', () => {
  const map = mapOf(stages, [entry('ADD a /'), entry('RUN apk add musl'), entry('COPY /out /app # buildkit')], 'app')
  expect(map.layers.map(({copiedFrom}) => copiedFrom)).toEqual([null, null, 'build'])
})
