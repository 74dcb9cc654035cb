import {quote} from './quote.js'
import type {CompletedCommand, CompletedProgram, Values} from './words.js'

/**
 * The script for bash 3.2 and later. bash breaks words at `=` and `:`, so that `--severity=hi` is three of them, and
 * `high:loaded` too: what is completed is the last part, and the flag is looked for in front of it all.
 */
export function bashScript({commands, groups, conditions}: CompletedProgram): string {
  const firsts = [...new Set(commands.map(({name}) => name.split(' ')[0] ?? ''))]
  const pairs = groups.map(group => {
    const inside = commands
      .filter(({name}) => name.startsWith(`${group} `))
      .map(({name}) => name.slice(group.length + 1))
    return `    ${group}) list=${quote(inside.join(' '))};;`
  })
  return `# Completion of piton for bash. In ~/.bashrc: source <(piton completion bash)
_piton_words() {
  local word head=''
  [[ $cur == *,* ]] && head=\${cur%,*},
  for word in $1; do [[ $head$word == "$cur"* ]] && COMPREPLY+=("$head$word"); done
}

_piton_paths() {
  local path
  compopt -o filenames 2>/dev/null
  while IFS= read -r path; do COMPREPLY+=("$path"); done < <(compgen "$1" -- "$cur")
}

_piton() {
  local cur=\${COMP_WORDS[COMP_CWORD]} at=$((COMP_CWORD - 1)) after='' command=\${COMP_WORDS[1]} first=2 list='' flag
  COMPREPLY=()
  if [[ $cur == [:=] ]]; then cur='' at=$COMP_CWORD; fi
  while [[ \${COMP_WORDS[at]} == [:=] ]] && ((at > 1)); do
    if [[ \${COMP_WORDS[at]} == = && \${COMP_WORDS[at - 1]} == -* ]]; then
      at=$((at - 1))
      break
    fi
    after=\${COMP_WORDS[at]} at=$((at - 2))
  done
  flag=\${COMP_WORDS[at]}
  if ((COMP_CWORD == 1)); then
    _piton_words ${quote(`${firsts.join(' ')} --help --version`)}
    return
  fi
  case $command in
${pairs.join('\n')}
  esac
  if [[ -n $list ]]; then
    if ((COMP_CWORD == 2)); then
      _piton_words "$list"
      return
    fi
    command="$command \${COMP_WORDS[2]}" first=3
  fi
  if [[ $cur == -* && -z $after ]]; then
    case $command in
${commands.map(flagCase).join('\n')}
    esac
    _piton_words "$list"
    return
  fi
  if [[ $after == : && $flag == --fail-on ]]; then
    _piton_words ${quote(conditions.join(' '))}
    return
  fi
  if [[ -n $after ]]; then
    _piton_paths -f
    return
  fi
  case "$command $flag" in
${commands.flatMap(valueCases).join('\n')}
  esac
  case $command in
${commands.map(({name, argument}) => `    ${quote(name)}) ${action(argument)};;`).join('\n')}
  esac
}

complete -F _piton piton
`
}

function flagCase({name, flags}: CompletedCommand): string {
  return `      ${quote(name)}) list=${quote(flags.map(flag => `--${flag.name}`).join(' '))};;`
}

function valueCases({name, flags}: CompletedCommand): string[] {
  return flags.flatMap(flag => {
    if (flag.value === null) return []
    const called = [`--${flag.name}`, ...(flag.char === undefined ? [] : [`-${flag.char}`])]
    const patterns = called.map(word => quote(`${name} ${word}`)).join('|')
    return [`    ${patterns}) ${action(flag.value)}; return;;`]
  })
}

function action(values: Values): string {
  switch (values.kind) {
    case 'words':
      return `_piton_words ${quote(values.words.join(' '))}`
    case 'files':
      return '_piton_paths -f'
    case 'folders':
      return '_piton_paths -d'
    case 'anything':
      return ':'
  }
}
