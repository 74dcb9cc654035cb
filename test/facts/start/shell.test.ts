// biome-ignore-all lint/suspicious/noTemplateCurlyInString: a shell expands it, not we
import {expect, test} from 'vitest'
import {readShell} from '../../../src/facts/start/shell/read.js'
import type {Part, Statement, Word} from '../../../src/facts/start/shell/syntax.js'

function shown(word: Word): string {
  return word.map(partText).join('')
}

function partText(part: Part): string {
  switch (part.kind) {
    case 'text':
      return part.text
    case 'variable':
      return `\${${part.name}${part.all ? '[@]' : ''}${part.otherwise === null ? '' : `:-${shown(part.otherwise)}`}}`
    case 'commands':
      return `$(${listed(part.statements).join('; ')})`
    case 'list':
      return `(${part.words.map(shown).join(' ')})`
    case 'unknown':
      return '?'
  }
}

/** One line for each command: `!` marks those that run whenever the script comes there. */
function listed(statements: readonly Statement[]): string[] {
  return statements.map(statement => {
    if (statement.kind === 'function') return `${statement.name}() {${listed(statement.body).join('; ')}}`
    if (statement.kind === 'for') return `for ${statement.name} in ${statement.words?.map(shown).join(' ') ?? '"$@"'}`
    const {assignments, words, sure, input} = statement
    const text = [...assignments.map(({name, value}) => `${name}=${shown(value)}`), ...words.map(shown)].join(' ')
    return `${sure ? '!' : ''}${text}${input === null ? '' : ` < ${shown(input.words[0] ?? [])}`}`
  })
}

const cases: [name: string, script: string, commands: string[]][] = [
  ['nothing', '', []],
  ['a comment', '#!/bin/sh\n# exec x\n', []],
  ['one command', 'exec nginx -g "daemon off;"', ['!exec nginx -g daemon off;']],
  ['lines that are continued', 'a \\\n  b\\\nc', ['!a bc']],
  ['separators', 'a; b & c\nd', ['!a', 'b', '!c', '!d']],
  ['what follows a condition', 'a && b || c\nd', ['!a', 'b', 'c', '!d']],
  ['a condition over two lines', 'a &&\n  b\nc', ['!a', 'b', '!c']],
  ['a pipe', 'a | b | c', ['a', 'b < a', 'c < a']],
  ['a pipe into a loop', 'find /x |\n while read -r f; do run "$f"; done', ['find /x', 'read -r f < find', 'run ${f}']],
  ['branches', 'if [ "$1" = x ]; then a; elif b; then c; else d; fi; e', ['[ ${1} = x ]', 'a', 'b', 'c', 'd', '!e']],
  ['a branch on one line each', 'if a\nthen\nb\nfi\nc', ['a', 'b', '!c']],
  ['a case', 'case "$1" in\n a|"b c") x;;\n (-*) y ;;\n *) z\nesac\nw', ['x', 'y', 'z', '!w']],
  ['a case with no pattern', 'case $1 in esac; w', ['!w']],
  ['a case in a substitution', 'v=$(case $1 in a) x;; esac); w', ['!v=$(x)', '!w']],
  ['loops', 'for i in a "b c" $d; do x $i; done; y', ['for i in a b c ${d}', 'x ${i}', '!y']],
  ['a loop over the parameters', 'for f; do x; done\nfor g\ndo y; done', ['for f in "$@"', 'x', 'for g in "$@"', 'y']],
  ['an arithmetic loop', 'for ((i=0; i<3; i++)); do x; done; y', ['x', '!y']],
  ['a function', 'main() { a; exec "$@"; }\nmain "$@"', ['main() {!a; !exec ${@[@]}}', '!main ${@[@]}']],
  ['a function of bash', 'function f {\n  a\n}\nfunction g() ( b )\nc', ['f() {!a}', 'g() {!b}', '!c']],
  ['a group in a function', 'f() { { a; } || { b; }; c; }; d', ['f() {a; b; !c}', '!d']],
  ['a subshell', '(a; b) && c', ['a', 'b', 'c']],
  ['assignments', 'A=1 B="x $C" run --D=2', ['!A=1 B=x ${C} run --D=2']],
  ['an assignment alone', 'A=1; B=$A', ['!A=1', '!B=${A}']],
  ['an array', 'a=( x "y z" # no\n  $w ); "${a[@]}"', ['!a=(x y z ${w})', '!${a[@]}']],
  ['an array in a declaration', 'local -a a=( x y ); b', ['!local -a a=(x y)', '!b']],
  ['what is appended', 'A+=:x; a+=( y )', ['!A=${A}:x', '!a=${a[@]}(y)']],
  ['single quotes', "a 'b $c `d`' $'e'", ['!a b $c `d` e']],
  ['double quotes', 'a "b\\"c" "\\$d" "\\e"', ['!a b"c $d \\e']],
  ['escapes', 'a\\ b \\$c', ['!a b $c']],
  ['substitutions', 'a $(b "$(c)") `d \\`e\\``', ['!a $(!b $(!c)) $(!d $(!e))']],
  ['a parenthesis in quotes in a substitution', 'a $(b ")")', ['!a $(!b ))']],
  ['arithmetic', 'a $((1 + (2))) b; ((i++)); c', ['!a ? b', '!c']],
  ['defaults', 'a ${X:-b c} "${Y-$Z}" ${W:=v}', ['!a ${X:-b c} ${Y:-${Z}} ${W:-v}']],
  ['expansions that only a shell can make', 'a ${x%.*} ${#y} ${!z} "${1:0:1}" "${@:2}"', ['!a ? ? ? ? ?']],
  ['tests of bash', '[[ $1 == -* && -n "$2" ]] && a; b', ['a', '!b']],
  ['redirections', 'a > out 2>&1 < "$in" &> x; b >>y', ['!a', '!b']],
  ['a heredoc', 'cat <<EOF > x\nexec a\nEOF\nb', ['!cat', '!b']],
  ['a heredoc with tabs', "cat <<-'END'\n\texec a\n\tEND\nb", ['!cat', '!b']],
  ['a here-string', 'a <<< "b" c', ['!a c']],
  ['a process substitution', 'while read f; do a; done < <(find /x); b', ['read f', 'a', '!find /x', '!b']],
  ['carriage returns', 'a\r\nb\r\n', ['!a', '!b']],
  ['quotes that nobody closes', 'a "b $(c', ['!a b $(!c)']],
  ['a parenthesis that nobody opened', 'a ) b', ['!a', '!b']],
  ['negation and time', '! a; time b', ['!a', '!b']],
  ['text with a hash', 'a b#c ${d#e} # f', ['!a b#c ?']],
  ['special parameters', 'a $# $? $$ $! $0 $-', ['!a ${#} ${?} ${$} ${!} ${0} ${-}']],
  ['a dollar by itself', 'a $ "$"', ['!a $ $']],
]
for (const [name, script, commands] of cases) {
  test(`shell: ${name}`, () => {
    const read = readShell(script)
    expect([listed(read.statements), read.cut]).toEqual([commands, false])
  })
}

test('a command says its line', () => {
  const lines = readShell('#!/bin/sh\n\na\nb \\\n c\nd').statements.map(one => one.kind === 'command' && one.line)
  expect(lines).toEqual([3, 4, 6])
})

const hostile: [name: string, script: string][] = [
  ['substitutions in substitutions', '$('.repeat(100_000)],
  ['expansions in expansions', '${a:-'.repeat(100_000)],
  ['functions in functions', 'f() {'.repeat(50_000)],
  ['backticks in backticks', '`\\`\\\\`'.repeat(20_000)],
  ['commands without end', 'a\n'.repeat(100_000)],
]
for (const [name, script] of hostile) {
  test(`shell: ${name} end`, () => {
    expect(readShell(script).cut).toBe(true)
  })
}

const odd = [
  '[[ '.repeat(90_000),
  '(('.repeat(100_000),
  '<<a '.repeat(60_000),
  'case a in '.repeat(20_000),
  '"'.repeat(99_999),
  'for '.repeat(60_000),
  '}'.repeat(99_999),
  ')'.repeat(99_999),
  '\u0000'.repeat(1000),
  '{'.repeat(1000),
  '<'.repeat(100_000),
  '>('.repeat(100_000),
  ' if\n'.repeat(50_000),
  "'".repeat(99_999),
  'a=('.repeat(50_000),
]
test.each(odd.map(script => [script.slice(0, 12), script]))('shell: %j and more of it end', (_, script) => {
  expect(readShell(script).statements.length).toBeLessThan(30_000)
})
