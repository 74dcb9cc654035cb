import type {RemedyFacts, RemedyKind} from './remedies-table.js'

/** Why musl does not have a symbol, and what helps. */
export interface Remedy extends RemedyFacts {
  /** Symbols with one reason have one id: `fortify`. */
  readonly id: string
  readonly why: string
  readonly how: string
}

interface Reason {
  readonly id: string
  readonly names: RegExp
  /** Where the table does not have the symbol. */
  readonly kind: RemedyKind
  readonly why: string
  readonly how: string
}

const recompile = 'Compile it on Alpine; the source need not change.'
const portable = 'Use a POSIX function, or guard it with #ifdef __GLIBC__.'

/** The first that matches counts. */
const reasons: readonly Reason[] = [
  reason('obstack', /obstack/, 'package', 'GNU obstacks are not part of musl.', 'apk add musl-obstack'),
  reason(
    'fortify',
    /^__.+_chk$|^__fdelt_(?:chk|warn)$|^__open(?:at)?(?:64)?_2$/,
    'rebuild',
    'It is an entry that glibc’s headers put in for _FORTIFY_SOURCE.',
    recompile,
  ),
  reason(
    'isoc23',
    /^__isoc23_/,
    'rebuild',
    'The headers of glibc 2.38 and later send C23 scanning and number parsing here.',
    `${recompile} A portable binary has to be built against an older glibc.`,
  ),
  reason(
    'libmvec',
    /^_ZGV/,
    'rebuild',
    'It is a vector function of glibc’s libmvec, which -ffast-math uses.',
    recompile,
  ),
  reason(
    'finite',
    /^__.+_finite$/,
    'rebuild',
    'It is an entry that old glibc headers used for -ffast-math.',
    recompile,
  ),
  reason(
    'float-macros',
    /^__(?:isinf|isnan|finite)[fl]?$|^__signbit|^__fpclassify/,
    'rebuild',
    'musl classifies numbers without this function.',
    recompile,
  ),
  reason(
    'rpc',
    /^(?:xdr|clnt|svc|svcerr|auth|key|pmap)(?:_|tcp|udp|raw|unix)|^xdrrec_|rpcby|rpcent/,
    'package',
    'Sun RPC is not part of musl.',
    'Build it with libtirpc-dev.',
  ),
  reason('argp', /^argp_/, 'package', 'GNU argp is not part of musl.', 'Build it with argp-standalone.'),
  reason('fts', /^fts(?:64)?_/, 'package', 'musl has no fts.', 'apk add musl-fts'),
  reason(
    'ucontext',
    /^(?:get|make|set|swap)context$/,
    'package',
    'musl has no user contexts.',
    'apk add libucontext, and link with -lucontext.',
  ),
  reason(
    'backtrace',
    /^backtrace/,
    'package',
    'musl has no <execinfo.h>.',
    'Use libunwind, or libexecinfo up to Alpine 3.16.',
  ),
  reason(
    'rpmatch',
    /^rpmatch$/,
    'package',
    'musl does not match answers of yes and no.',
    'Use musl-rpmatch, or a few lines of your own.',
  ),
  reason(
    'resolver-state',
    /^_?_?(?:res_n|res_init)|^_res$|^__b64_/,
    'rebuild',
    'musl’s resolver keeps no state, and has none of the functions for it.',
    'Compile it for musl (Rust: a -musl target), or use getaddrinfo or c-ares. gcompat is not enough.',
  ),
  reason(
    'resolver-alias',
    /^__(?:dn_|res_|ns_)/,
    'rebuild',
    'It is glibc’s inner name of a resolver function.',
    recompile,
  ),
  reason(
    'malloc-hooks',
    /^__(?:malloc|realloc|memalign|free|after_morecore|malloc_initialize)_hook$/,
    'code-change',
    'glibc itself has dropped hooks into malloc.',
    'Define malloc and free instead.',
  ),
  reason(
    'malloc-tuning',
    /^mall(?:info2?|opt)$|^malloc_|^m(?:check|un?trace|trace)|^mprobe$/,
    'code-change',
    'musl’s allocator cannot be tuned or asked.',
    'Guard it with #ifdef __GLIBC__, or use jemalloc or mimalloc.',
  ),
  reason(
    'malloc-internal',
    /^__libc_(?:malloc|calloc|realloc|free|memalign|valloc|pvalloc)$/,
    'code-change',
    'It is glibc’s own name of an allocator function.',
    'Find the next malloc with dlsym(RTLD_NEXT, "malloc").',
  ),
  reason(
    'glibc-version',
    /^gnu_get_libc_/,
    'rebuild',
    'musl has no function that tells its version.',
    'Compile it for musl (Rust: a -musl target), or guard it with #ifdef __GLIBC__.',
  ),
  reason(
    'linking',
    /^dl(?:addr1|vsym|mopen|info)$|^_dl_/,
    'code-change',
    'musl has no symbol versions and no namespaces at run time.',
    'Use dlsym and dladdr. Take libgcc from a musl toolchain.',
  ),
  reason('random', /^arc4random/, 'code-change', 'musl has no arc4random.', 'Use getrandom or getentropy, or libbsd.'),
  reason(
    'reentrant-random',
    /^(?:initstate|random|setstate|srandom|[dejlmn]rand48|srand48|seed48|lcong48)_r$/,
    'code-change',
    'musl’s random numbers have no state of their own for each caller.',
    'Use rand_r or a generator of your own.',
  ),
  reason(
    'regex',
    /^re_|^regex/,
    'code-change',
    'musl has the regular expressions of POSIX, not those of GNU.',
    'Use regcomp, PCRE2, or the regex of gnulib.',
  ),
  reason('error', /^error(?:_|$)/, 'code-change', 'musl has no <error.h>.', 'Use <err.h>, or fprintf and exit.'),
  reason(
    'nss',
    /^__nss_|(?:alias|netgr)(?:ent|by)|^innetgr$/,
    'code-change',
    'musl has no name service switch.',
    portable,
  ),
  reason('shadow-groups', /sgent|getsgnam|^sgetspent/, 'code-change', 'musl does not read shadowed groups.', portable),
  reason(
    'reentrant-database',
    /^get(?:gr|host|net|proto|pw|serv|ut)\w*_r$/,
    'code-change',
    'musl has no re-entrant walk through this database.',
    'Walk it under a lock, or use getaddrinfo.',
  ),
  reason(
    'argz',
    /^(?:argz|envz)_/,
    'code-change',
    'GNU argz vectors are not part of musl.',
    'Bring argz of gnulib along.',
  ),
  reason(
    'printf-extension',
    /^(?:register_printf|parse_printf|printf_size)/,
    'code-change',
    'musl’s printf cannot be extended.',
    'Format before printing.',
  ),
  reason(
    'clock-waits',
    /clock(?:wait|lock|rdlock|wrlock)$/,
    'rebuild',
    'musl’s locks do not wait by a clock of choice; a libstdc++ for glibc makes use of it.',
    'Compile it with Alpine’s libstdc++; in C, use pthread_condattr_setclock.',
  ),
  reason(
    'pthread-internal',
    /^__(?:pthread_|register_atfork)/,
    'rebuild',
    'It is glibc’s inner name of a thread function.',
    recompile,
  ),
  reason(
    'pthread-extension',
    /^pthread_.*_np$/,
    'code-change',
    'It is an extension of glibc’s threads.',
    'Drop the hint, or set it after the thread was created.',
  ),
  reason(
    'locale',
    /_l$/,
    'rebuild',
    'musl has no such function with a locale of its own argument.',
    'Compile it with Alpine’s libc++ or libstdc++, or drop the _l.',
  ),
  reason('ctype-tables', /^__ctype/, 'rebuild', 'It is an old table of character classes.', recompile),
  reason(
    'single-threaded',
    /^__libc_single_threaded$/,
    'rebuild',
    'glibc’s libstdc++ reads this flag.',
    'Compile it with Alpine’s libstdc++, which does not.',
  ),
  reason(
    'stack-end',
    /^__libc_stack_end$/,
    'code-change',
    'glibc’s loader keeps the start of the stack here.',
    'Use pthread_getattr_np.',
  ),
  reason(
    'gettext',
    /^_nl_|^_libc_intl/,
    'rebuild',
    'It is inside glibc’s gettext.',
    `${recompile} Add gettext-dev where messages matter.`,
  ),
  reason('rawmemchr', /rawmemchr$/, 'code-change', 'musl has no memchr without an end.', 'Use memchr or strchr.'),
  reason(
    'system-calls',
    /^(?:close_range|closefrom|fs(?:config|mount|open|pick)|move_mount|open_tree|mount_setattr|getcpu|pidfd_\w+|process_\w+|scandirat|statx|renameat2|copy_file_range|preadv2|pwritev2)$/,
    'code-change',
    'This musl has no wrapper for the system call.',
    'Call syscall() with its number.',
  ),
  reason(
    'file-allocation',
    /^posix_fallocate64$/,
    'upgrade-musl',
    'musl 1.2.4 and 1.2.5 have no room for so long a name when they map names for large files.',
    'Take a release of Alpine with musl 1.2.6 or later, or compile it on Alpine.',
  ),
  reason(
    'file-name',
    /^canonicalize_file_name$/,
    'code-change',
    'musl has it under the name of POSIX only.',
    'Use realpath(path, NULL).',
  ),
  reason(
    'names-of-errors',
    /^(?:sig(?:abbrev|descr)|strerror(?:desc|name))_np$/,
    'code-change',
    'musl has no names of signals and errors without their text.',
    'Use strsignal and strerror, or a table.',
  ),
  reason(
    'large-files',
    /64(?:v2|_r)?$/,
    'rebuild',
    'It is a name for large files, which musl’s loader does not map to the plain one.',
    `${recompile} Offsets always have 64 bits there.`,
  ),
  reason('device-numbers', /^gnu_dev_/, 'rebuild', 'musl has macros for device numbers.', recompile),
  reason(
    'thread-exit',
    /^__cxa_(?:thread_atexit_impl|at_quick_exit)$/,
    'rebuild',
    'It is how glibc registers what runs at the end.',
    recompile,
  ),
  reason('internal', /^__/, 'rebuild', 'It is a name that only glibc has inside.', recompile),
]

const unknown = reason('glibc-only', /^/, 'code-change', 'Only glibc has it.', portable)

/** What can be done about a symbol of glibc that musl lacks: the table knows the facts of many, the name says the reason. */
export function remedyFor(symbol: string, table: ReadonlyMap<string, RemedyFacts>): Remedy {
  const facts = table.get(symbol)
  const {id, kind, why, how} = reasons.find(({names}) => names.test(symbol)) ?? unknown
  if (facts?.since)
    return {
      ...facts,
      id: 'newer-musl',
      why: `musl has it since ${facts.since}.`,
      how: `Take a release of Alpine with musl ${facts.since} or later.`,
    }
  return {id, why, how, ...(facts ?? {kind, package: null, since: null, gcompat: false})}
}

function reason(id: string, names: RegExp, kind: RemedyKind, why: string, how: string): Reason {
  return {id, names, kind, why, how}
}
