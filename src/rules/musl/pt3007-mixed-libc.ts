import type {ElfFile, Facts} from '../../model/facts.js'
import type {Draft, Remedy, Rule} from '../../model/rule.js'
import {count} from '../../model/text.js'
import {quoteList} from '../words.js'

/** Packages that bring glibc, or what stands in for it. */
const glibcPackages: ReadonlySet<string> = new Set(['gcompat', 'libc6-compat', 'glibc'])

export const mixedLibc: Rule = {
  id: 'PT3007',
  name: 'MixedLibc',
  title: 'Two C libraries in one image',
  severity: 'low',
  family: 'musl',
  help: {
    why:
      'Programs of both C libraries start, but a process can have only one: a library or plugin for the other fails to ' +
      'load or crashes. A glibc that was copied in gets no fixes from Alpine and no advisory covers it; gcompat ' +
      'stands in for some of glibc and lets the rest fail at run time.',
    fix: 'Rebuild what needs glibc for musl, or run it in an image that is made of glibc.',
    links: ['https://wiki.alpinelinux.org/wiki/Running_glibc_programs', 'https://git.adelielinux.org/adelie/gcompat'],
  },
  *check(facts) {
    const carriers = carriersOf(facts)
    const [first] = carriers
    if (first === undefined) return
    const foreign = facts.system.libc === 'glibc' ? 'musl' : 'glibc'
    const own = foreign === 'musl' ? 'glibc' : 'musl'
    const users = usersOf(foreign, facts, carriers)
    const natives = usersOf(own, facts, carriers)
    const examples = users.length === 0 ? '' : `: ${quoteList(users.map(({path}) => path))}`
    yield {
      message:
        `The image is made of ${own} and also carries ${quoteList(carriers.map(({label}) => label))}. ` +
        `${count(users.length, 'file')} of it ${users.length === 1 ? 'was' : 'were'} built for ${foreign}` +
        `${examples}; ${count(natives.length, 'file')} for ${own}.`,
      evidence: carriers.map(({evidence}) => evidence).join('; '),
      at: first.at,
      fix: remedyOf(facts, users.length),
      identity: [],
    }
  },
}

/** What brings the second C library. */
interface Carrier {
  readonly label: string
  readonly evidence: string
  readonly at: Draft['at']
  /** Its own files are not users of it. */
  readonly folder: string | null
  readonly package: string | null
}

function carriersOf({packages, elfFiles, system, databasePath}: Facts): readonly Carrier[] {
  if (system.libc === 'unknown') return []
  const foreign = system.libc === 'musl' ? 'glibc' : 'musl'
  const installed = packages.filter(({name}) => foreign === 'glibc' && glibcPackages.has(name))
  const fromPackages = installed.map(({name, version, layer, line}) => ({
    label: `package ${name}`,
    evidence: `${name} ${version} is installed`,
    at: {path: databasePath ?? '', line, layer},
    folder: null,
    package: name,
  }))
  const libraries = elfFiles.filter(
    file => isLibrary(file, foreign) && !installed.some(({name}) => name === file.package),
  )
  const fromFiles = libraries.map(({path, layer, soname, package: owner}) => ({
    label: path,
    evidence: `${path} is ${foreign}: its soname is ${soname}`,
    at: {path, layer},
    folder: path.slice(0, path.lastIndexOf('/') + 1),
    package: owner,
  }))
  return [...fromPackages, ...fromFiles]
}

/** Is this the C library itself? Its soname says so; only debugging files and stubs for linking share it. */
function isLibrary({type, libc, soname}: ElfFile, wanted: 'musl' | 'glibc'): boolean {
  if (type !== 'shared' || libc !== wanted || soname === null) return false
  return wanted === 'glibc' ? /^libc\.so\.6(?:\.1)?$/.test(soname) : /^libc\.musl-|^libc\.so$/.test(soname)
}

/** Programs and libraries that were linked with it, without its own. */
function usersOf(libc: 'musl' | 'glibc', {elfFiles}: Facts, carriers: readonly Carrier[]): readonly ElfFile[] {
  return elfFiles.filter(file => {
    if (file.libc !== libc || (file.type !== 'pie' && file.type !== 'executable' && file.type !== 'shared'))
      return false
    return !carriers.some(({folder, package: owner}) => {
      return (owner !== null && owner === file.package) || (folder !== null && file.path.startsWith(folder))
    })
  })
}

function remedyOf({packages}: Facts, users: number): Remedy {
  const unused = users > 0 ? [] : packages.flatMap(({name}) => (glibcPackages.has(name) ? [name] : []))
  if (unused.length > 0) {
    return {
      text: 'No program or library in the image needs it: remove it, unless something is unpacked or downloaded at run time.',
      command: `apk del ${unused.join(' ')}`,
    }
  }
  return {text: 'Rebuild what needs the second C library, or move it to an image of its own.', command: null}
}
