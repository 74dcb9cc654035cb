import type {Rule} from '../../model/rule.js'
import {count} from '../../model/text.js'
import {quote} from '../words.js'
import {isGlibcLoader, rebuildAdvice} from './loaded.js'
import {settledPaths} from './refused-modules.js'

export const glibcInterpreter: Rule = {
  id: 'PT3001',
  name: 'GlibcInterpreter',
  title: 'The loader that the program asks for is not there',
  severity: 'high',
  family: 'musl',
  help: {
    why:
      'The kernel starts the loader that a program names. Where there is none, the shell says "not found" about a program ' +
      'that is plainly there. A program that was built for glibc names the loader of glibc.',
    fix:
      'Take a build for musl (often named musl, static or alpine), or compile it in an Alpine container. `apk add gcompat` ' +
      'stands in for the loader of glibc, and is enough for programs that use little of it.',
    links: [
      'https://wiki.alpinelinux.org/wiki/Running_glibc_programs',
      'https://wiki.musl-libc.org/functional-differences-from-glibc.html',
    ],
  },
  *check(facts) {
    const settled = settledPaths(facts)
    for (const file of facts.elfFiles) {
      const {path, layer, musl, sameAs} = file
      if (sameAs !== null || musl?.verdict !== 'interpreter_missing' || musl.interpreter === null || settled.has(path))
        continue
      const loader = musl.interpreter.path
      const isGlibc = isGlibcLoader(loader)
      const lacks = [
        ...(musl.missingLibraries.length > 0 ? [count(musl.missingLibraries.length, 'library', 'libraries')] : []),
        ...(musl.missingSymbols.length > 0 ? [count(musl.missingSymbols.length, 'symbol')] : []),
      ]
      yield {
        title: isGlibc ? 'Program is built for glibc' : this.title,
        message: `${quote(path)} cannot start: its loader ${quote(loader)} is not in the image${isGlibc ? '. It is built for glibc' : ''}.`,
        evidence: `PT_INTERP ${loader}${lacks.length > 0 ? `; behind it ${lacks.join(' and ')} are missing` : ''}`,
        at: {path, layer},
        names: [loader],
        fix: isGlibc
          ? {text: `${rebuildAdvice(file)} gcompat may be enough.`, command: 'apk add gcompat'}
          : {text: rebuildAdvice(file), command: null},
        identity: [path],
      }
    }
  },
}
