import {type Exports, type LoaderObject, SymbolName} from '../musl/index.js'

/** An interpreter that opens modules in its own process, told by what each module has to define for it. */
interface PluginApi {
  /** What the interpreter is called. */
  readonly host: string
  /**
   * The function that it calls first in the module; null for a file that is none by its name.
   * @param path of the module
   * @param stem the name of the file up to its first dot
   */
  entry(path: string, stem: string): string | null
  /** Its dlopen: RTLD_LAZY, or RTLD_NOW, with which nothing that a module lacks is put off. */
  readonly binding: 'lazy' | 'now'
  /** How the functions and variables begin that it offers to modules. */
  readonly offered: RegExp
}

const apis: readonly PluginApi[] = [
  // PEP 3121; PEP 489 has other names for modules that are not ASCII. Flags: sys.getdlopenflags().
  {host: 'python', binding: 'now', entry: (_, stem) => `PyInit_${stem}`, offered: /^_?Py[A-Z_]/},
  // Ruby, doc/extension.rdoc.
  {host: 'ruby', binding: 'lazy', entry: (_, stem) => `Init_${stem}`, offered: /^(?:rb|ruby|st|onig|onigenc)_/},
  // XSLoader: auto/Foo/Bar/Bar.so is Foo::Bar, and boot_Foo__Bar.
  {
    host: 'perl',
    binding: 'lazy',
    entry: path => {
      const folders = /(?:^|\/)auto\/(.+)\/[^/]+\.so$/.exec(path)?.[1]
      return folders === undefined ? null : `boot_${folders.replaceAll('/', '__')}`
    },
    offered: /^(?:Perl|PL_)/,
  },
]

/** What is known of a module by its entry: who opens it, and how, whether or not the interpreter is there. */
export interface KnownHost {
  readonly host: string
  readonly binding: 'lazy' | 'now'
  /** What stands for the interpreter where its file is not there. */
  readonly exports: Exports
}

/** The interpreter that a file is a module of; null for any other file. */
export function moduleHost(path: string, object: LoaderObject): KnownHost | null {
  const stem = path.slice(path.lastIndexOf('/') + 1).replace(/\..*$/s, '')
  for (const {host, binding, entry, offered} of apis) {
    const name = entry(path, stem)
    if (name === null || !object.exports.offers(SymbolName.of(name), 'definition')) continue
    return {host, binding, exports: {offers: ({text}) => offered.test(text)}}
  }
  return null
}
