import {constraintName, type Dependencies} from '../../model/dependencies.js'
import type {ElfFile, Facts} from '../../model/facts.js'
import type {InstalledPackage} from '../../model/package.js'
import type {WhyAnswer} from '../../model/why.js'

/** What a person asks about. */
export interface Meant {
  readonly kind: WhyAnswer['meant']
  readonly things: readonly {readonly owner: InstalledPackage | null; readonly files: readonly string[]}[]
}

/** Things of one name: several files may be called the same. */
const mostThings = 20

/**
 * What a name stands for: a package, what a package provides, a path, the soname or file name of a library or program;
 * in this order. null where it stands for nothing.
 */
export function meaningOf(asked: string, facts: Facts, dependencies: Dependencies): Meant | null {
  const name = constraintName(asked)
  const owner = facts.packages.find(one => one.name === name) ?? null
  if (owner !== null) return {kind: 'package', things: [packageThing(owner, facts)]}
  return asked.includes('/') ? fileAt(asked, facts) : (fileNamed(asked, facts) ?? provided(name, facts, dependencies))
}

/** Names that can be asked for, to suggest one where somebody mistyped it. */
export function* namesOf({packages, elfFiles, scripts}: Facts): Generator<string> {
  for (const {name} of packages) yield name
  for (const {path, soname} of elfFiles) {
    yield baseName(path)
    if (soname !== null) yield soname
  }
  for (const {path} of scripts) yield baseName(path)
}

function packageThing(owner: InstalledPackage, {elfFiles}: Facts): Meant['things'][number] {
  return {owner, files: elfFiles.filter(file => file.package === owner.name).map(({path}) => path)}
}

/** A path; a package that lists it owns it, links too. */
function fileAt(asked: string, facts: Facts): Meant | null {
  const path = asked.replace(/^\/+/, '').replace(/\/+/g, '/')
  const elf = facts.elfFiles.find(file => file.path === path)
  const script = facts.scripts.find(file => file.path === path)
  const listing = facts.packages.find(({files}) => files.some(file => file.path === path))
  if (elf === undefined && script === undefined && listing === undefined) return null
  const owner = packageOf(elf ?? script, facts) ?? listing ?? null
  return {kind: 'file', things: [{owner, files: [path]}]}
}

/** `libssl.so.3`, `nginx`: each file that is called so. */
function fileNamed(asked: string, facts: Facts): Meant | null {
  const soname = asked.replace(/^so:/, '')
  const matches = ({path, soname: own}: ElfFile) => own === soname || baseName(path) === soname
  const libraries = facts.elfFiles.filter(matches)
  if (libraries.length > 0) {
    const kind = libraries.every(({type}) => type === 'shared') ? 'library' : 'file'
    return {
      kind,
      things: libraries.slice(0, mostThings).map(file => ({owner: packageOf(file, facts), files: [file.path]})),
    }
  }
  const scripts = facts.scripts.filter(({path}) => baseName(path) === asked)
  if (scripts.length === 0) return null
  return {
    kind: 'file',
    things: scripts.slice(0, mostThings).map(file => ({owner: packageOf(file, facts), files: [file.path]})),
  }
}

/** `cmd:sh`, `so:libc.musl-x86_64.so.1`, `/bin/sh`. */
function provided(name: string, facts: Facts, dependencies: Dependencies): Meant | null {
  const owner =
    dependencies.provider(name) ?? dependencies.provider(`cmd:${name}`) ?? dependencies.provider(`so:${name}`)
  return owner && {kind: 'package', things: [packageThing(owner, facts)]}
}

function packageOf(file: {readonly package: string | null} | undefined, {packages}: Facts): InstalledPackage | null {
  return packages.find(({name}) => name === file?.package) ?? null
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
