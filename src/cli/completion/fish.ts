import type {CompletedCommand, CompletedFlag, CompletedProgram, Values} from './words.js'

/** The script for fish: ~/.config/fish/completions/piton.fish. */
export function fishScript({commands, groups, conditions}: CompletedProgram): string {
  const single = commands.filter(({name}) => !name.includes(' '))
  const severities = `(__piton_fail_on ${conditions.join(' ')})`
  const lines = [
    ...single.map(({name, summary}) => `complete -c piton -n __piton_is_first -f -a ${name} -d ${quote(summary)}`),
    ...groups.map(group => `complete -c piton -n __piton_is_first -f -a ${group}`),
    ...commands
      .filter(({name}) => name.includes(' '))
      .map(({name, summary}) => {
        const [group = '', word = ''] = name.split(' ')
        return `complete -c piton -n '__piton_is_in ${group}' -f -a ${word} -d ${quote(summary)}`
      }),
    ...commands.flatMap(command => commandLines(command, severities)),
  ]
  return `# Completion of piton for fish: piton completion fish > ~/.config/fish/completions/piton.fish
function __piton_is_first
  test (count (commandline -opc)) -eq 1
end

function __piton_is_in
  set -l words (commandline -opc)
  test (count $words) -eq 2 -a "$words[2]" = "$argv[1]"
end

function __piton_runs
  set -l words (commandline -opc)
  set -l last (math (count $argv) + 1)
  test (count $words) -ge $last; and test "$words[2..$last]" = "$argv"
end

function __piton_fail_on
  set -l typed (string match -r '^(?:.*=)?(.*[:,])' -- (commandline -ct))[2]
  set -l list none low medium high critical
  if string match -q '*:' -- "$typed"
    set list $argv
  end
  printf '%s\\n' "$typed"$list
end

complete -c piton -f -n __piton_is_first
${lines.join('\n')}
`
}

function commandLines({name, flags, argument}: CompletedCommand, severities: string): string[] {
  const when = `complete -c piton -n '__piton_runs ${name}'`
  return [...flags.map(flag => `${when} ${flagOptions(flag, severities)}`), `${when} ${argumentOptions(argument)}`]
}

function flagOptions({name, char, description, value}: CompletedFlag, severities: string): string {
  const called = `-l ${name}${char === undefined ? '' : ` -s ${char}`} -d ${quote(description)}`
  if (value === null) return called
  return name === 'fail-on' ? `${called} -x -a ${quote(severities)}` : `${called} ${valueOptions(value)}`
}

function valueOptions(values: Values): string {
  switch (values.kind) {
    case 'words':
      return `-x -a ${quote(values.words.join(' '))}`
    case 'files':
      return '-r -F'
    case 'folders':
      return "-x -a '(__fish_complete_directories)'"
    case 'anything':
      return '-x'
  }
}

function argumentOptions(values: Values): string {
  if (values.kind === 'files') return '-F'
  return values.kind === 'words' ? `-f -a ${quote(values.words.join(' '))}` : '-f'
}

/** fish takes two signs after a backslash in single quotes: the quote and the backslash. */
function quote(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`
}
