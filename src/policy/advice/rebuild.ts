import {groupBy} from '../../model/group.js'
import type {Finding} from '../../model/report.js'
import {count} from '../../model/text.js'
import type {Advice, Situation} from './situation.js'

/** Flags that a rule asks for, for the compiler and for the linker. */
interface Flags {
  readonly compile?: string
  readonly link?: string
}

const cFlags: Readonly<Record<string, Flags>> = {
  PT2001: {compile: '-fPIE', link: '-pie'},
  PT2002: {compile: '-fstack-protector-strong'},
  PT2003: {link: '-Wl,-z,relro,-z,now'},
  PT2004: {link: '-Wl,-z,noexecstack'},
  PT2005: {compile: '-O2 -D_FORTIFY_SOURCE=2'},
  PT2007: {compile: '-fPIC'},
  PT2008: {link: '-Wl,-z,separate-code'},
}

const goFlags: Readonly<Record<string, Flags>> = {
  PT2001: {compile: '-buildmode=pie'},
  PT2003: {compile: '-buildmode=pie', link: '-Wl,-z,relro,-z,now'},
  PT2004: {link: '-Wl,-z,noexecstack'},
  PT2007: {compile: '-buildmode=pie'},
}

const rustFlags: Readonly<Record<string, Flags>> = {
  PT2001: {compile: '-C relocation-model=pie'},
  PT2003: {link: '-Wl,-z,relro,-z,now'},
  PT2004: {link: '-Wl,-z,noexecstack'},
}

interface Build {
  readonly name: string
  readonly flags: Readonly<Record<string, Flags>>
  command(compile: readonly string[], link: readonly string[]): string
}

const builds: Readonly<Record<string, Build>> = {
  c: {name: 'C', flags: cFlags, command: cCommand(['CFLAGS'])},
  'c++': {name: 'C++', flags: cFlags, command: cCommand(['CFLAGS', 'CXXFLAGS'])},
  go: {
    name: 'Go',
    flags: goFlags,
    command: (compile, link) => {
      const linker = link.length === 0 ? [] : [`-ldflags='-linkmode=external -extldflags "${link.join(' ')}"'`]
      return ['go build', ...compile, ...linker].join(' ')
    },
  },
  rust: {
    name: 'Rust',
    flags: rustFlags,
    command: (compile, link) =>
      `RUSTFLAGS='${[...compile, ...link.map(flag => `-C link-arg=${flag}`)].join(' ')}' cargo build --release`,
  },
}

function cCommand(variables: readonly string[]): Build['command'] {
  return (compile, link) => {
    const set = [
      ...(compile.length === 0 ? [] : variables.map(variable => [variable, compile] as const)),
      ...(link.length === 0 ? [] : [['LDFLAGS', link] as const]),
    ]
    return `export ${set.map(([variable, flags]) => `${variable}='${flags.join(' ')}'`).join(' ')}`
  }
}

/** Flags that build the files of no package with the protections that they lack, for each language. */
export function rebuildAdvice({findings, facts}: Situation): readonly Advice[] {
  const languages = new Map(
    facts.elfFiles.filter(file => file.package === null).map(({path, language}) => [path, language]),
  )
  const own = findings.filter(({family}) => family === 'hardening')
  const byLanguage = groupBy(own, ({path}) => languages.get(path) ?? '')
  return [...byLanguage].flatMap(([language, group]) => {
    const build = Object.hasOwn(builds, language) ? builds[language] : undefined
    return build === undefined ? [] : (adviceFor(build, group) ?? [])
  })
}

function adviceFor({name, flags, command}: Build, findings: readonly Finding[]): Advice | null {
  const covered = findings.filter(({ruleID}) => Object.hasOwn(flags, ruleID))
  if (covered.length === 0) return null
  const wanted = [...new Set(covered.map(({ruleID}) => ruleID))].sort().flatMap(rule => flags[rule] ?? [])
  const files = new Set(covered.map(({path}) => path)).size
  return {
    command: command(unique(wanted, 'compile'), unique(wanted, 'link')),
    text: `Fixes ${count(covered.length, 'finding')}: builds ${count(files, `${name} file`)} with the protections that ${files === 1 ? 'it lacks' : 'they lack'}.`,
    fixes: covered.length,
    atMost: false,
  }
}

function unique(flags: readonly Flags[], kind: keyof Flags): readonly string[] {
  return [...new Set(flags.flatMap(one => one[kind] ?? []))]
}
