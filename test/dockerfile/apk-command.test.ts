// biome-ignore-all lint/suspicious/noTemplateCurlyInString: a builder expands it, not we
import {describe, expect, test} from 'vitest'
import {apkCommandsOf} from '../../src/dockerfile/apk-command.js'
import {parseDockerfile} from '../../src/dockerfile/index.js'
import {isUpgrade, upgradeLine} from '../../src/dockerfile/upgrade-line.js'

function runOf(text: string) {
  const dockerfile = parseDockerfile(`FROM a\n${text}\n`)
  const [, run] = dockerfile.instructions
  if (run === undefined) throw new Error('no RUN')
  return {dockerfile, run}
}

/** `line:words`, with `^` where they are upgraded and `/` where they are of another root. */
function commandsIn(text: string): string[] {
  const {dockerfile, run} = runOf(text)
  return apkCommandsOf(dockerfile, run).commands.map(({asked, upgrades, elsewhere}) => {
    const words = asked.map(({word, span}) => `${span.line}:${word}`)
    return `${upgrades ? '^' : ''}${elsewhere ? '/' : ''}${words.join(' ')}`
  })
}

describe('what apk commands ask for', () => {
  const cases: [name: string, run: string, expected: string[]][] = [
    ['versions', `RUN apk add --no-cache a=1-r0 'b<2' "c~3" d@edge e=$V`, ['2:a=1-r0 2:b<2 2:c~3 2:d@edge 2:e=$V']],
    ['names that only a shell knows are none', 'RUN apk add $A ${B} a$C !d', ['']],
    ['lines', 'RUN apk add \\\n  # b=1\n  a=1 \\\n  c && \\\n  apk add d', ['4:a=1 5:c', '6:d']],
    [
      'upgrades',
      'RUN apk upgrade && apk upgrade a && apk add -U --upgrade b && apk add -Uu c',
      ['^', '^2:a', '^2:b', '^2:c'],
    ],
    ['an option that comes later', 'RUN apk add a --upgrade', ['^2:a']],
    [
      'another root',
      'RUN apk --root /x add a; apk add -p /x b && apk add --root=/x c && apk add d',
      ['/2:a', '/2:b', '/2:c', '2:d'],
    ],
    ['other commands', 'RUN apk del a=1 && apk info b && echo apk', []],
    ['the JSON form', 'RUN ["apk", "add", "a=1"]', ['2:a=1']],
    ['a script', 'RUN <<EOF\napk add a=1\nEOF', ['3:a=1']],
    ['a script with a shell of its own', 'RUN <<EOF\n#!/bin/bash -e\napk add a=1\nEOF', ['4:a=1']],
    ['a script for a shell', 'RUN sh -eu <<EOF\napk add a=1\nEOF', ['3:a=1']],
    ['not a script of another kind', 'RUN <<EOF\n#!/usr/bin/env python3\napk add a=1\nEOF', []],
    ['not a file', 'RUN cat > x <<EOF && apk add b\napk add a=1\nEOF', ['2:b']],
    ['not two files', 'RUN cat <<A <<B && apk add b\napk add a=1\nA\napk add a=2\nB', ['2:b']],
  ]
  for (const [name, run, expected] of cases) test(name, () => expect(commandsIn(run)).toEqual(expected))
})

describe('a line that upgrades, and nothing else', () => {
  const cases: [run: string, expected: boolean][] = [
    [upgradeLine([]), true],
    [upgradeLine(['libssl3', 'libstdc++']), true],
    ['RUN apk upgrade', true],
    ['RUN apk add -U --upgrade a', true],
    ['RUN apk add a', false],
    ['RUN apk upgrade && make', false],
    ['RUN apk upgrade; make', false],
    ['RUN apk upgrade $(list)', false],
    ['RUN make', false],
    ['RUN <<EOF\napk upgrade\nEOF', false],
    ['LABEL apk upgrade', false],
  ]
  for (const [text, expected] of cases) {
    test(text, () => expect(isUpgrade(runOf(text.replace('LABEL', 'SHELL')).run)).toBe(expected))
  }
})
