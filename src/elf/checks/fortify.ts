import type {ElfFacts, FoundNames, Libc} from '../../model/elf.js'
import type {Check} from '../../model/verdict.js'
import {dynamicNames, fortifiable, fortified} from '../names.js'
import {isStatic, languageOf, libcOf} from '../origin.js'
import {no, notApplicable, ofLoadable, ofPart, unknown, yes} from './verdicts.js'

/**
 * Functions that -D_FORTIFY_SOURCE=2 replaces in every call, whatever the compiler knows of the buffer: one of these in
 * its plain form was compiled without. `strcpy`, in contrast, is called where it was proven safe.
 */
const always: ReadonlySet<string> = new Set([
  'vprintf',
  'vfprintf',
  'vdprintf',
  'vasprintf',
  'vsyslog',
  'vsprintf',
  'longjmp',
])
/** As above, but clang cannot replace functions with variable arguments in C++. */
const alwaysInC: ReadonlySet<string> = new Set([
  'printf',
  'fprintf',
  'dprintf',
  'asprintf',
  'syslog',
  'sprintf',
  'wprintf',
  'fwprintf',
])

/** Does the code call the checked variants of the C library's functions? */
export function checkFortify(elf: ElfFacts): Check {
  return ofLoadable(elf, () => {
    const libc = libcOf(elf)
    if (libc === 'musl') return notApplicable('musl: its fortify headers leave no trace in the file')
    if (libc !== 'glibc' && libc !== 'unknown') return notApplicable(`made for ${libc}, which has no checked variants`)
    return ofPart(dynamicNames(elf), names => judge(elf, names, libc))
  })
}

function judge(elf: ElfFacts, {undefined: imported}: FoundNames, libc: Libc): Check {
  const checked = [...imported].filter(name => fortified.has(name))
  const plain = [...imported].filter(name => fortifiable.has(name)).sort()
  const value = `${checked.length}/${checked.length + plain.length}`
  const counts = `${checked.length} of ${checked.length + plain.length} functions that can be checked`
  if (checked.length > 0) return {...yes(`imports ${counts}: ${some(checked)}`), value}
  const language = languageOf(elf)
  if (language !== 'c' && language !== 'c++' && language !== 'unknown') {
    return notApplicable(`${language} code: FORTIFY is for C and C++`)
  }
  if (isStatic(elf)) return unknown('static: the checked variants may be called by the C library only')
  if (plain.length === 0) return unknown('imports no function that has a checked variant')
  if (language === 'unknown') return unknown('its language is not known, and FORTIFY is for C and C++')
  // A plugin that names no library is opened by programs of any C library.
  if (libc === 'unknown') return unknown('its C library is not known, and only glibc has checked variants')
  const byGcc =
    elf.comments().some(text => text.startsWith('GCC')) && !elf.comments().some(text => text.includes('clang'))
  const proof = plain.filter(name => always.has(name) || (alwaysInC.has(name) && (language === 'c' || byGcc)))
  if (proof.length > 0) return {...no(`imports ${some(proof)}, which FORTIFY replaces in every call`), value}
  return {...unknown(`imports ${some(plain)}, which FORTIFY leaves where they are proven safe`), value}
}

/** The first few names. */
function some(names: readonly string[]): string {
  const shown = names.slice(0, 4).join(', ')
  return names.length > 4 ? `${shown} and ${names.length - 4} more` : shown
}
