import type {Behaviour} from '../model/behaviour.js'

const threads = ['pthread_create', 'thrd_create']

/**
 * What musl does otherwise than glibc although the function is there: what is missing altogether is the loader's verdict.
 * Only what a program can notice, and a name that few programs import: `printf` would be a note on everything.
 * @see musl's sources, 1.2.5, and its wiki, "Functional differences from glibc"
 */
export const behaviours: readonly Behaviour[] = [
  {
    id: 'thread-stack',
    title: 'Threads have small stacks',
    why: 'A thread that asks for no size gets 128 KiB of stack (80 KiB before musl 1.1.21), on glibc mostly 8 MiB: deep recursion and large local arrays crash.',
    check:
      'Set the size with pthread_attr_setstacksize, or link with -Wl,-z,stack-size=1048576, which musl takes as the default.',
    imports: threads,
    unless: ['pthread_attr_setstacksize', 'pthread_attr_setstack', 'pthread_setattr_default_np'],
  },
  {
    id: 'malloc-threads',
    title: 'One lock guards the heap',
    why: "musl's allocator saves memory and has no pools for threads: many threads that allocate at once wait for each other.",
    check: 'Measure under load. Where it matters, link jemalloc or mimalloc.',
    imports: ['malloc', 'calloc', 'realloc', '_Znwm', '_Znwj'],
    with: threads,
  },
  {
    id: 'dns',
    title: 'Names are resolved in another way',
    why: 'All name servers of resolv.conf are asked at once and the first answer counts, even one that knows nothing of a private zone. Answers that need TCP came with musl 1.2.4. Of the options only ndots, timeout and attempts are read.',
    check: 'Let every name server of the container know every zone, and try long answers and search domains.',
    imports: [
      'getaddrinfo',
      'gethostbyname',
      'gethostbyname2',
      'gethostbyname_r',
      'gethostbyname2_r',
      'getnameinfo',
      'gethostbyaddr',
      'gethostbyaddr_r',
      'res_query',
      '__res_query',
      'res_search',
      '__res_search',
    ],
  },
  {
    id: 'nss',
    title: 'nsswitch.conf is not read',
    why: 'Users and groups come from /etc/passwd and /etc/group, or over the socket of nscd: modules for LDAP, SSSD or systemd are never loaded.',
    check:
      'Look for users that are not in /etc/passwd of the image, and run a daemon that serves them over the socket of nscd.',
    imports: [
      'getpwnam',
      'getpwnam_r',
      'getpwuid',
      'getpwuid_r',
      'getgrnam',
      'getgrnam_r',
      'getgrgid',
      'getgrgid_r',
      'getgrouplist',
      'initgroups',
    ],
  },
  {
    id: 'locale',
    title: 'Every locale is C with UTF-8',
    why: 'Text sorts by code point, and numbers and money are written as in C, whatever LANG says. Only dates and messages can be translated, where musl-locales is installed.',
    check: 'Look for sorting and number formats that follow the user, and use ICU for them.',
    imports: ['strcoll', 'strcoll_l', 'strxfrm', 'wcscoll', 'wcsxfrm', 'localeconv', 'strfmon', 'nl_langinfo'],
  },
  {
    id: 'iconv',
    title: 'iconv knows fewer character sets',
    why: 'Some legacy sets can only be read. A name with //TRANSLIT or //IGNORE is refused, and a character that does not fit becomes an asterisk.',
    check: 'Try the sets that the program converts to. Package gnu-libiconv has the rest.',
    imports: ['iconv_open'],
  },
  {
    id: 'dlclose',
    title: 'A closed library stays loaded',
    why: 'dlclose does nothing: destructors run when the process ends, and opening the file again gives the same code and the same variables.',
    check: 'Look for plugins that are loaded anew at run time, or that free something when they are unloaded.',
    imports: ['dlclose'],
  },
  {
    id: 'dlopen-flags',
    title: 'dlopen has fewer flags',
    why: 'RTLD_DEEPBIND does not exist: a plugin with its own copy of a library gets the functions of the one that was loaded first.',
    check: 'Look for RTLD_DEEPBIND and for plugins that bring a second version of a library.',
    imports: ['dlopen'],
  },
  {
    id: 'regex',
    title: 'Regular expressions are those of POSIX',
    why: 'REG_STARTEND and the syntaxes of GNU do not exist, and matching may take another time and find another of several longest matches.',
    check: 'Run the tests that match text, above all with back-references and in other character sets.',
    imports: ['regcomp'],
  },
  {
    id: 'glob',
    title: 'Patterns have no GNU extensions',
    why: 'glob knows no GLOB_BRACE and no GLOB_ALTDIRFUNC, fnmatch no FNM_EXTMATCH: such patterns match nothing.',
    check: 'Look for these flags, and for braces in patterns.',
    imports: ['glob', 'glob64', 'fnmatch'],
  },
  {
    id: 'getopt',
    title: 'Options end at the first operand',
    why: 'getopt stops there as POSIX says; glibc sorts options to the front. getopt_long does so on musl too.',
    check: 'Call the program with its options first.',
    imports: ['getopt'],
    unless: ['getopt_long', 'getopt_long_only'],
  },
  {
    id: 'qsort',
    title: 'Equal elements are sorted in another order',
    why: "glibc's qsort was a merge sort up to 2.36 and kept their order; musl's never did.",
    check: 'Look for comparisons that leave the order open, and for expected output that depends on it.',
    imports: ['qsort', 'qsort_r'],
  },
  {
    id: 'strptime',
    title: 'strptime reads fewer formats',
    why: 'Conversions that only glibc has (%z, %Z, %s, %P) fail, depending on the version of musl.',
    check: 'Look for them in the formats.',
    imports: ['strptime'],
  },
  {
    id: 'time-zone',
    title: 'Time zones need a package',
    why: 'Images of Alpine hold no zone files: without them TZ=Europe/Paris silently means UTC.',
    check: 'Add tzdata where local time matters: apk add tzdata.',
    imports: ['tzset', 'localtime', 'localtime_r', 'mktime'],
  },
  {
    id: 'utmp',
    title: 'Nobody is ever logged in',
    why: 'The functions for login records are there and do nothing: who, last and audit trails stay empty.',
    check: 'Look for what the records are used for; package utmps offers a replacement.',
    imports: ['getutxent', 'getutxid', 'getutxline', 'pututxline', 'updwtmpx', 'getutent', 'pututline', 'updwtmp'],
  },
  {
    id: 'crypt',
    title: 'crypt knows no yescrypt',
    why: 'Hashes that begin with $y$, the default of Debian 11 and Fedora, never match.',
    check: 'Look at the hashes that the program verifies; libxcrypt knows all of them.',
    imports: ['crypt', 'crypt_r'],
  },
  {
    id: 'scheduler',
    title: 'Scheduling of a process cannot be set',
    why: 'sched_setscheduler and its kin fail with ENOSYS, because Linux applies them to a single thread.',
    check: 'Use pthread_setschedparam, or start the program with chrt.',
    imports: ['sched_setscheduler', 'sched_setparam', 'sched_getscheduler', 'sched_getparam'],
  },
]
