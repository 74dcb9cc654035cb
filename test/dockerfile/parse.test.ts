import fc from 'fast-check'
import {expect, test} from 'vitest'
import {DockerfileError, mapLayers, parseDockerfile} from '../../src/dockerfile/index.js'

/** `2-4 RUN text`: lines, keyword and text of each instruction. */
function read(text: string): string[] {
  return parseDockerfile(text).instructions.map(
    ({startLine, endLine, keyword, text: rest}) => `${startLine}-${endLine} ${keyword} ${rest}`,
  )
}

const cases: [name: string, text: string, instructions: string[]][] = [
  ['comments and blank lines around', '# a\n\nFROM a\n  # b\nRUN c\n\n', ['3-3 FROM a', '5-5 RUN c']],
  ['keywords in any case, indented', '  from a as b\n\trun c', ['1-1 FROM a as b', '2-2 RUN c']],
  ['continued', 'FROM a\nRUN b \\\n  c', ['1-1 FROM a', '2-3 RUN b   c']],
  ['blanks after the escape', 'FROM a\nRUN b \\ \t\n  c', ['1-1 FROM a', '2-3 RUN b   c']],
  [
    'comment and blank line inside',
    'FROM a\nRUN b \\\n# x \\\n\n  c\nRUN d',
    ['1-1 FROM a', '2-5 RUN b   c', '6-6 RUN d'],
  ],
  ['an escaped escape does not continue', 'FROM a\nRUN b \\\\\nRUN c', ['1-1 FROM a', '2-2 RUN b \\\\', '3-3 RUN c']],
  ['continued at the end of the file', 'FROM a\nRUN b \\\n', ['1-1 FROM a', '2-3 RUN b']],
  ['carriage returns', 'FROM a\r\nRUN b \\\r\n  c\r\n', ['1-1 FROM a', '2-3 RUN b   c']],
  ['a byte order mark', '\ufeff# escape=`\nFROM a\nRUN b `\n c', ['2-2 FROM a', '3-4 RUN b  c']],
  ['the escape directive', '# syntax=x\n# Escape = `\nFROM a\nCOPY c:\\ `\n d', ['3-3 FROM a', '4-5 COPY c:\\  d']],
  ['no directive after a comment', '# x\n# escape=`\nFROM a\nRUN b \\\n c', ['3-3 FROM a', '4-5 RUN b  c']],
  ['a heredoc', 'FROM a\nRUN <<EOF\nFROM b\n# c\n\nEOF\nRUN d', ['1-1 FROM a', '2-6 RUN <<EOF', '7-7 RUN d']],
  [
    'a quoted heredoc with tabs',
    'FROM a\nRUN <<-"E F"\n\tb\n\tE F\nRUN c',
    ['1-1 FROM a', '2-4 RUN <<-"E F"', '5-5 RUN c'],
  ],
  [
    'two heredocs',
    'FROM a\nCOPY <<a <<b /x/\n1\nb\na\n2\nb\nRUN c',
    ['1-1 FROM a', '2-7 COPY <<a <<b /x/', '8-8 RUN c'],
  ],
  ['a heredoc for a descriptor', 'FROM a\nRUN b 3<<E\nFROM\nE', ['1-1 FROM a', '2-4 RUN b 3<<E']],
  ['a heredoc on a continued line', 'FROM a\nRUN b && \\\n cat <<E\nE', ['1-1 FROM a', '2-4 RUN b &&  cat <<E']],
  ['a heredoc of ONBUILD', 'FROM a\nONBUILD RUN <<E\nb\nE', ['1-1 FROM a', '2-4 ONBUILD RUN <<E']],
  ['no heredoc: here-string', 'FROM a\nRUN b <<< c\nRUN d', ['1-1 FROM a', '2-2 RUN b <<< c', '3-3 RUN d']],
  ['no heredoc: shift', 'FROM a\nRUN b $((1<<2))\nRUN d', ['1-1 FROM a', '2-2 RUN b $((1<<2))', '3-3 RUN d']],
  ['no heredoc: quoted', 'FROM a\nRUN b " <<E "\nRUN d', ['1-1 FROM a', '2-2 RUN b " <<E "', '3-3 RUN d']],
  ['no heredoc: LABEL', 'FROM a\nLABEL b=<<E\nRUN d', ['1-1 FROM a', '2-2 LABEL b=<<E', '3-3 RUN d']],
  ['no heredoc: JSON', 'FROM a\nRUN ["b", "<<E"]\nRUN d', ['1-1 FROM a', '2-2 RUN ["b", "<<E"]', '3-3 RUN d']],
]
for (const [name, text, instructions] of cases) {
  test(`parses ${name}`, () => expect(read(text)).toEqual(instructions))
}

test('flags, the JSON form and heredocs are kept apart from the text', () => {
  const [, copy, run, cat] = parseDockerfile(
    'FROM --platform=$BUILDPLATFORM a\nCOPY --from=b --chown="a b" ["c d", "e"]\nRUN --network=none x --flag\nRUN <<-E\n\ty\n\tE',
  ).instructions
  expect(copy).toMatchObject({flags: ['--from=b', '--chown="a b"'], exec: ['c d', 'e']})
  expect(run).toMatchObject({flags: ['--network=none'], text: 'x --flag', exec: null})
  expect(cat?.heredocs).toEqual([{name: 'E', body: 'y\n'}])
})

test('ONBUILD holds its trigger, on the same lines', () => {
  const [, onbuild] = parseDockerfile('FROM a\nONBUILD COPY --from=b c \\\n d').instructions
  expect(onbuild?.trigger).toMatchObject({keyword: 'COPY', flags: ['--from=b'], text: 'c  d', startLine: 2, endLine: 3})
})

test('the syntax directive is kept', () => {
  expect(parseDockerfile('# syntax=docker/dockerfile:1.7\nFROM a').syntax).toBe('docker/dockerfile:1.7')
})

const errors: [name: string, text: string, code: string, message: string][] = [
  ['nothing', '', 'DOCKERFILE_EMPTY', 'app/Dockerfile has no instructions'],
  ['comments only', '# a\n\n', 'DOCKERFILE_EMPTY', 'app/Dockerfile has no instructions'],
  [
    'a template',
    'FROM a\n{{ if }}\n',
    'DOCKERFILE_BAD_INSTRUCTION',
    'app/Dockerfile, line 2: "{{" is not an instruction',
  ],
  [
    'another escape',
    '# escape=x\nFROM a',
    'DOCKERFILE_BAD_DIRECTIVE',
    'app/Dockerfile, line 1: escape can be \\ or `, not "x"',
  ],
  [
    'a directive twice',
    '# escape=`\n# escape=`\nFROM a',
    'DOCKERFILE_BAD_DIRECTIVE',
    'app/Dockerfile, line 2: the directive "escape" stands there twice',
  ],
  [
    'an open heredoc',
    'FROM a\nRUN <<EOF\nb',
    'DOCKERFILE_UNTERMINATED',
    'app/Dockerfile, line 2: no line ends the heredoc "EOF"',
  ],
  [
    '10 MB',
    '# a\n'.repeat(2_500_000),
    'DOCKERFILE_LIMIT',
    'app/Dockerfile has 10000000 characters; 1048576 is the limit',
  ],
  ['no FROM', 'ARG a', 'DOCKERFILE_NO_STAGE', 'app/Dockerfile: no FROM in it'],
  ['RUN before FROM', 'RUN a\nFROM b', 'DOCKERFILE_NO_STAGE', 'app/Dockerfile, line 1: RUN before the first FROM'],
  ['another target', 'FROM a AS b\nFROM c AS d', 'DOCKERFILE_NO_TARGET', 'app/Dockerfile has no stage "x"'],
  [
    'too many layers',
    `FROM a\n${'RUN b\n'.repeat(2_001)}`,
    'DOCKERFILE_LIMIT',
    'app/Dockerfile makes more than 2000 layers',
  ],
]
for (const [name, text, code, message] of errors) {
  test(`refuses ${name}`, () => {
    const dockerfile = {path: 'app/Dockerfile', text}
    const target = code === 'DOCKERFILE_NO_TARGET' ? 'x' : null
    const error = thrownBy(() => mapLayers({dockerfile, target, history: [], diffIDs: []}))
    expect(error).toBeInstanceOf(DockerfileError)
    expect(error).toMatchObject({code, message})
  })
}

const piece = fc.oneof(
  fc.constantFrom(
    'FROM a',
    'FROM b AS c',
    'RUN',
    'COPY',
    'ARG A',
    'ENV A=',
    'ONBUILD',
    '<<E',
    'E',
    '\\',
    '`',
    '"',
    "'",
  ),
  fc.constantFrom('${A:-', '${', '}', '$A', ' ', '\n', '\r\n', '# escape=`', '["a"]', '--from=c', '#', '\t', 'WORKDIR'),
  fc.string(),
)

test('any text is read, or refused in words', () => {
  fc.assert(
    fc.property(fc.array(piece, {maxLength: 40}), fc.array(fc.array(piece), {maxLength: 5}), (parts, created) => {
      const history = created.map(words => ({createdBy: words.join(' '), emptyLayer: false}))
      const dockerfile = {path: 'Dockerfile', text: parts.join('')}
      const error = thrownBy(() => mapLayers({dockerfile, target: null, history, diffIDs: history}))
      if (error !== null) expect(error).toBeInstanceOf(DockerfileError)
    }),
    {numRuns: 1000},
  )
})

const MiB = 1024 * 1024
const hostile: [name: string, text: string][] = [
  ['blanks', `FROM a\nRUN b${' '.repeat(MiB - 100)}c`],
  ['blanks in a directive', `# escape=a${' '.repeat(MiB - 100)}b`],
  ['continued lines', `FROM a\nRUN b${' \\\nc'.repeat(MiB / 4 - 10)}`],
  ['instructions', 'FROM a\n'.repeat(MiB / 7 - 1)],
  ['stages on one another', Array.from({length: 40_000}, (_, n) => `FROM s${n} AS s${n + 1}`).join('\n')],
  ['heredocs', `FROM a\nRUN ${'<<E '.repeat(MiB / 6 - 10)}\n${'E\n'.repeat(MiB / 6 - 10)}`],
  ['flags', `FROM a\nRUN ${'--a=b '.repeat(MiB / 6 - 10)}`],
  ['open quotes', `FROM a\nCOPY ${'"\''.repeat(MiB / 2 - 10)}`],
  ['open braces', `FROM a\nCOPY ${'${A:-'.repeat(MiB / 5 - 10)}`],
  ['variables that double', `FROM a\n${'ENV A=$A$A$A$Ax\n'.repeat(60_000)}COPY $A $A`],
  ['JSON in JSON', `FROM a\nRUN ${'['.repeat(MiB - 100)}`],
  ['words of a shell', `FROM a\nRUN /${'sh -a '.repeat(MiB / 6 - 10)}`],
  ['slashes', `FROM a\nWORKDIR ${'/../a'.repeat(MiB / 5 - 10)}`],
]
for (const [name, text] of hostile) {
  test(`is done soon with a megabyte of ${name}`, () => {
    const history = Array.from({length: 127}, (_, n) => ({
      createdBy: `${text.slice(7, 7 + 8000)}${n}`,
      emptyLayer: false,
    }))
    const started = process.cpuUsage()
    const error = thrownBy(() => mapLayers({dockerfile: {path: 'D', text}, target: null, history, diffIDs: history}))
    if (error !== null) expect(error).toBeInstanceOf(DockerfileError)
    expect(process.cpuUsage(started).user).toBeLessThan(3_000_000)
  })
}

function thrownBy(action: () => unknown): unknown {
  try {
    action()
    return null
  } catch (error) {
    return error
  }
}
