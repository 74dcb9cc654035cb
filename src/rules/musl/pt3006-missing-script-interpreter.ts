import type {Facts} from '../../model/facts.js'
import {groupBy} from '../../model/group.js'
import type {Remedy, Rule} from '../../model/rule.js'
import type {Script, ScriptProblem} from '../../model/script.js'
import {count} from '../../model/text.js'
import {name, quote, quoteList} from '../words.js'
import {packageOfInterpreter} from './interpreter-packages.js'

/** A script that does not start, and that no package brought: who packaged one knew what it needs. */
type Broken = Script & {readonly problem: ScriptProblem; readonly package: null}

/** Folders whose scripts nobody starts in a container: documentation, tests, and what other people's packages are built with. */
const incidental = /(?:^|\/)(?:docs?|examples?|tests?|samples?|\.git|\.github|node_modules|go\/pkg\/mod)\//

export const missingScriptInterpreter: Rule = {
  id: 'PT3006',
  name: 'MissingScriptInterpreter',
  title: 'Script whose interpreter is not in the image',
  severity: 'medium',
  family: 'musl',
  help: {
    why:
      'A script starts the program that its first line names. Alpine has BusyBox where other distributions have bash, ' +
      'GNU env and often perl and python3: the script ends with "not found" although it is there itself.',
    fix: 'Add the package of the interpreter, or rewrite the first line for one that is there, such as #!/bin/sh.',
    links: [
      'https://man7.org/linux/man-pages/man2/execve.2.html',
      'https://wiki.alpinelinux.org/wiki/Shell_management',
    ],
  },
  *check(facts) {
    if (!isSystem(facts)) return
    const broken = facts.scripts.filter(
      (script): script is Broken => script.problem !== null && script.package === null,
    )
    for (const group of groupBy(broken, ({problem}) => `${problem.kind} ${problem.name}`).values()) {
      const ranked = [...group].sort((a, b) => Number(isMinor(a)) - Number(isMinor(b)))
      const [first] = ranked
      if (first === undefined) continue
      const {kind, name: program} = first.problem
      yield {
        ...(isMinor(first) && {severity: 'low' as const}),
        message: `${subject(ranked)} ${reasonOf(first.problem)}`,
        evidence: ranked
          .slice(0, 5)
          .map(({path, line}) => `${name(path)}: #!${name(line)}`)
          .join('; '),
        at: {path: first.path, line: 1, layer: first.layer},
        fix: remedyOf(first.problem, facts),
        identity: [kind, program],
      }
    }
  },
}

/** A folder that is no root file system has none of the programs that its scripts will find where they run. */
function isSystem({release, databasePath, distribution, system}: Facts): boolean {
  return release !== null || databasePath !== null || distribution !== null || system.libc !== 'unknown'
}

function isMinor({path}: Script): boolean {
  return incidental.test(path)
}

function subject(group: readonly Broken[]): string {
  const paths = quoteList(group.map(({path}) => path))
  return group.length === 1
    ? `Script ${paths} does not start:`
    : `${count(group.length, 'script')} do not start (${paths}):`
}

function reasonOf({kind, name: program, elsewhere}: ScriptProblem): string {
  switch (kind) {
    case 'path':
      return `${quote(program)} is not in the image${elsewhere === null ? '' : `, but ${quote(elsewhere)} is`}.`
    case 'command':
      return `env looks for ${quote(program)}, which is not in the image.`
    case 'split':
      return `env -S is an option of GNU env, and this one is BusyBox's, which refuses it.`
    case 'line-end':
      return `the first line ends in CR LF, so that a carriage return becomes part of the name ${quote(program)}.`
  }
}

function remedyOf({kind, name: program, elsewhere}: ScriptProblem, facts: Facts): Remedy {
  const usesApk = facts.databasePath !== null || facts.release?.id === 'alpine'
  if (kind === 'line-end')
    return {text: 'Save the script with line ends of Unix (LF), and keep git from changing them.', command: null}
  if (kind === 'split') {
    const text = 'Install GNU env, or write the program and at most one argument after #!.'
    return {text, command: usesApk ? 'apk add coreutils' : null}
  }
  if (elsewhere !== null) return {text: `Write ${quote(`#!/${elsewhere}`)} in the first line.`, command: null}
  const found = usesApk ? packageOfInterpreter(program) : null
  const install = found === null ? `Install what provides ${quote(program)}` : `Install package ${quote(found)}`
  return {
    text: `${install}, or rewrite the script for an interpreter that is there.`,
    command: found === null ? null : `apk add ${found}`,
  }
}
