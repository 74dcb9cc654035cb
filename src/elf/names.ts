import {type FoundNames, isUnreadable, type Part, type SymbolTable} from '../model/elf.js'
import {NameSet} from './name-set.js'
import {perFile} from './per-file.js'

/** What code that has a stack protector calls, or reads: GCC and clang, OpenBSD, Intel's compiler. */
export const guardNames = [
  '__stack_chk_fail',
  '__stack_chk_fail_local',
  '__stack_chk_guard',
  '__stack_smash_handler',
  '__guard_local',
  '__intel_security_cookie',
  '__intel_security_check_cookie',
] as const

/** glibc's functions that have a checked variant, `__NAME_chk`: what glibc 2.42 exports. */
export const fortifiable: ReadonlySet<string> = new Set(
  (
    'asprintf confstr dprintf explicit_bzero fgets fgets_unlocked fgetws fgetws_unlocked fprintf fread fread_unlocked ' +
    'fwprintf getcwd getdomainname getgroups gethostname getlogin_r gets getwd inet_ntop inet_pton longjmp mbsnrtowcs ' +
    'mbsrtowcs mbstowcs memcpy memmove mempcpy memset obstack_printf obstack_vprintf poll ppoll pread pread64 printf ' +
    'ptsname_r read readlink readlinkat realpath recv recvfrom snprintf sprintf stpcpy stpncpy strcat strcpy strlcat ' +
    'strlcpy strncat strncpy swprintf syslog ttyname_r vasprintf vdprintf vfprintf vfwprintf vprintf vsnprintf vsprintf ' +
    'vswprintf vsyslog vwprintf wcpcpy wcpncpy wcrtomb wcscat wcscpy wcslcat wcslcpy wcsncat wcsncpy wcsnrtombs ' +
    'wcsrtombs wcstombs wctomb wmemcpy wmemmove wmempcpy wmemset wprintf'
  ).split(' '),
)

/** `fdelt` has no plain function: it is part of FD_SET. */
export const fortified: ReadonlySet<string> = new Set([...fortifiable, 'fdelt'].map(name => `__${name}_chk`))

/** Names that give away a language's runtime. */
export const languageNames: ReadonlyMap<string, string> = new Map([
  ['rust_eh_personality', 'rust'],
  ['__rust_alloc', 'rust'],
  ['__rust_no_alloc_shim_is_unstable', 'rust'],
  ['rust_begin_unwind', 'rust'],
  ['__gxx_personality_v0', 'c++'],
  ['__gxx_personality_sj0', 'c++'],
  ['__cxa_begin_catch', 'c++'],
  ['__cxa_pure_virtual', 'c++'],
  ['_Znwm', 'c++'],
  ['_Znwj', 'c++'],
  ['_ZdlPv', 'c++'],
  ['_ZdlPvm', 'c++'],
  ['_ZSt4cout', 'c++'],
  ['caml_main', 'ocaml'],
  ['caml_startup', 'ocaml'],
  ['caml_alloc_string', 'ocaml'],
  ['hs_main', 'haskell'],
  ['_gfortran_main', 'fortran'],
  ['_gfortran_set_args', 'fortran'],
  ['_d_run_main', 'd'],
  ['_Dmain', 'd'],
  ['NimMain', 'nim'],
  ['__gnat_initialize', 'ada'],
  ['swift_retain', 'swift'],
  ['runtime.main', 'go'],
  ['runtime.rt0_go', 'go'],
])

/** Imports of code that unwinds its own stack: of C, but also of runtimes that are linked in and have no names left. */
export const unwindNames = [
  '_Unwind_Backtrace',
  '_Unwind_GetIP',
  '_Unwind_GetIPInfo',
  '_Unwind_RaiseException',
] as const

const all = new NameSet([...guardNames, ...fortifiable, ...fortified, ...languageNames.keys(), ...unwindNames])

const none: FoundNames = {undefined: new Set(), defined: new Set()}

/** Which of all the names above the dynamic symbols hold: one pass for every check. */
export const dynamicNames = perFile(elf => find(elf.symbols()))

/** As {@link dynamicNames}, of `.symtab`. */
export const staticNames = perFile(elf => find(elf.staticSymbols()))

function find(table: Part<SymbolTable | null>): Part<FoundNames> {
  return isUnreadable(table) ? table : (table?.find(all) ?? none)
}
