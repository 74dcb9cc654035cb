import type {MissingLibrary} from '../../model/musl.js'
import type {Remedy, Rule} from '../../model/rule.js'
import {quote} from '../words.js'
import {breaksText, complaints, isGlibcLoader, rebuildAdvice} from './loaded.js'

const reasons: Readonly<Record<MissingLibrary['failure'], string>> = {
  missing: 'is in no folder that the loader searches',
  directory: 'is a directory where the loader looks',
  'not-an-object': 'is no library that can be loaded',
  'wrong-architecture': 'is built for another processor',
  unreadable: 'cannot be read',
  'bad-name': 'is a name that no file can have',
}

export const missingLibrary: Rule = {
  id: 'PT3002',
  name: 'MissingLibrary',
  title: 'A library that the file needs is not there',
  severity: 'high',
  family: 'musl',
  help: {
    why: 'The loader stops at the first library that it cannot find: the program does not start, the plugin does not open.',
    fix: 'Install the package that has the library, or put it where musl looks: /lib, /usr/local/lib, /usr/lib, or the run path.',
    links: ['https://pkgs.alpinelinux.org/contents'],
  },
  *check(facts) {
    const found = complaints(
      facts,
      ({missingLibraries, elsewhere}) => missingLibraries.filter(({name}) => !elsewhere.libraries.has(name)),
      ({neededBy}) => neededBy,
      ({name}) => name,
    )
    for (const {file, items, breaks} of found) {
      for (const {name, failure, found: at, packages = []} of items) {
        const isGlibc = isGlibcLoader(name)
        yield {
          title: isGlibc ? 'Library is built for glibc' : this.title,
          message: `${quote(file.path)} needs ${quote(name)}, which ${reasons[failure]}.${breaksText(breaks)}`,
          evidence: `DT_NEEDED ${name}${at === null ? '' : `; found at ${at}`}${isGlibc ? ', the loader of glibc' : ''}`,
          at: {path: file.path, layer: file.layer},
          names: [name],
          fix: isGlibc
            ? {text: `${rebuildAdvice(file)} gcompat brings a file of this name.`, command: 'apk add gcompat'}
            : remedyOf(name, packages),
          identity: [file.path, name],
        }
      }
    }
  },
}

/** Names come from Alpine's own index: they are safe to paste. */
function remedyOf(library: string, [first]: readonly string[]): Remedy {
  if (first === undefined)
    return {text: `Install the Alpine package that has ${library}: apk search so:${library}`, command: null}
  return {text: `Install ${first}, the Alpine package that has ${library}.`, command: `apk add ${first}`}
}
