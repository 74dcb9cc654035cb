/** `##[`, `##vso[`, `##teamcity[`: what GitHub's, Azure's and TeamCity's runners obey anywhere in a line. */
export const commandMark = /#(?=#(?:vso|teamcity)?\[)/g

/** `::`, which GitHub's runner obeys at the start of a line, also after blanks. */
const commandStart = /^(\s*):(?=:)/gm

/** Text for the log of a CI job: a name from the target must not become a command to the runner that prints it. */
export function quiet(text: string): string {
  return text.replace(commandMark, '\\u{23}').replace(commandStart, '$1\\u{3a}')
}
