import {quote} from './quote.js'
import type {CompletedCommand, CompletedFlag, CompletedProgram, Values} from './words.js'

/** The script for zsh: to be sourced after compinit, or a file `_piton` in a folder of $fpath. */
export function zshScript({commands, groups, conditions}: CompletedProgram): string {
  const single = commands.filter(({name}) => !name.includes(' '))
  const groupWords = groups.map(group => `${group}:${namesIn(group, commands).join(', ')}`)
  return `#compdef piton
# Completion of piton for zsh. In ~/.zshrc, after compinit: source <(piton completion zsh)
_piton_fail_on() {
  compset -P '*,'
  if compset -P '*:'; then
    compadd -S '' -- ${conditions.join(' ')}
  else
    compadd -S '' -- $@
  fi
}

_piton_output() {
  if compset -P '*='; then _files; else compadd -S '' -- $@; fi
}

# A file behind its scheme: docker-archive:app.tar.
_piton_files() {
  compset -P '*:'
  _files
}

_piton() {
  local command=$words[2]
  local -a list
  if ((CURRENT == 2)); then
    list=(${[...single.map(({name, summary}) => `${name}:${summary}`), ...groupWords].map(word => quote(word)).join(' ')})
    _describe command list
    return
  fi
  case $command in
${groups.map(group => groupCase(group, commands)).join('\n')}
  esac
  if ((\${#list})); then
    if ((CURRENT == 3)); then
      _describe command list
      return
    fi
    command="$command $words[3]"
    shift words
    ((CURRENT--))
  fi
  shift words
  ((CURRENT--))
  case $command in
${commands.map(commandCase).join('\n')}
  esac
}

if [[ $funcstack[1] == _piton ]]; then _piton "$@"; else compdef _piton piton; fi
`
}

function namesIn(group: string, commands: readonly CompletedCommand[]): string[] {
  return commands.filter(({name}) => name.startsWith(`${group} `)).map(({name}) => name.slice(group.length + 1))
}

function groupCase(group: string, commands: readonly CompletedCommand[]): string {
  const inside = commands.filter(({name}) => name.startsWith(`${group} `))
  const words = inside.map(({name, summary}) => quote(`${name.slice(group.length + 1)}:${summary}`))
  return `    ${group}) list=(${words.join(' ')});;`
}

function commandCase({name, flags, argument}: CompletedCommand): string {
  const specs = [...flags.map(flagSpec), quote(`*: :${action(argument)}`)]
  return `    ${quote(name)}) _arguments -s ${specs.join(' \\\n      ')};;`
}

/** `'*--check=[only this check]: :(a b)'`, and for both names of a flag `{-o+,--output=}'[…]: :(a b)'`. */
function flagSpec({name, char, description, value, repeatable}: CompletedFlag): string {
  const text = `[${description.replace(/[[\]\\:]/g, '\\$&')}]`
  const takes = value === null ? '' : `: :${actionOf(name, value)}`
  const long = `--${name}${value === null ? '' : '='}`
  if (char === undefined) return quote(`${repeatable ? '*' : ''}${long}${text}${takes}`)
  const short = `-${char}${value === null ? '' : '+'}`
  const others = repeatable ? '*' : `(-${char} --${name})`
  return `${quote(others)}{${short},${long}}${quote(text + takes)}`
}

function actionOf(flag: string, values: Values): string {
  if (values.kind !== 'words') return action(values)
  if (flag === 'fail-on') return `_piton_fail_on ${values.words.join(' ')}`
  return flag === 'output' ? `_piton_output ${values.words.join(' ')}` : action(values)
}

function action(values: Values): string {
  switch (values.kind) {
    case 'words':
      return `(${values.words.join(' ')})`
    case 'files':
      return '_piton_files'
    case 'folders':
      return '_files -/'
    case 'anything':
      return ' '
  }
}
