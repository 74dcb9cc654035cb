import type {Hardening} from '../model/elf.js'
import type {ElfFile, LoaderVerdict} from '../model/facts.js'
import type {MissingSymbol} from '../model/musl.js'
import type {Check} from '../model/verdict.js'

/** One ELF file as `piton scan -o json` and `piton elf -o json` print it. */
export function fileDocument(file: ElfFile) {
  return {
    path: file.path,
    layer: file.layer,
    sizeBytes: file.sizeBytes,
    mode: file.mode.toString(8).padStart(4, '0'),
    capabilities: file.hasCapabilities,
    package: file.package,
    sameAs: file.sameAs,
    class: file.class,
    endian: file.endian,
    machine: file.machine,
    type: file.type,
    interpreter: file.interpreter,
    soname: file.soname,
    needed: file.needed,
    rpath: file.rpath,
    runpath: file.runpath,
    libc: file.libc,
    language: file.language,
    compilers: file.compilers,
    buildID: file.buildID,
    hardening: hardeningDocument(file.hardening),
    musl: file.musl && muslDocument(file.musl),
  }
}

function muslDocument(verdict: LoaderVerdict) {
  return {
    verdict: verdict.verdict,
    reason: verdict.reason,
    host: verdict.host,
    missingLibraries: verdict.missingLibraries.map(({name, neededBy, failure, packages = []}) => ({
      name,
      neededBy,
      failure,
      packages,
    })),
    missingSymbols: verdict.missingSymbols.map(symbolDocument),
    lazySymbols: verdict.lazySymbols.map(symbolDocument),
    unsupportedRelocations: verdict.unsupportedRelocations.map(({type, name, count, in: at, cause}) => {
      return {type, name, count, in: at, cause}
    }),
    elsewhere: {libraries: [...verdict.elsewhere.libraries].sort(), symbols: [...verdict.elsewhere.symbols].sort()},
  }
}

function symbolDocument({name, requiredBy, version, glibc, explainedBy}: MissingSymbol) {
  return {name, requiredBy, version, glibc, explainedBy}
}

function hardeningDocument(checks: Hardening) {
  return {
    pie: checkDocument(checks.pie),
    stackProtector: checkDocument(checks.stackProtector),
    relro: checkDocument(checks.relro),
    nx: checkDocument(checks.nx),
    fortify: checkDocument(checks.fortify),
    runPath: checkDocument(checks.runPath),
    textRelocations: checkDocument(checks.textRelocations),
    writableExecutable: checkDocument(checks.writableExecutable),
    controlFlow: checkDocument(checks.controlFlow),
  }
}

function checkDocument({verdict, value, evidence}: Check) {
  return {verdict, ...(value !== undefined && {value}), evidence}
}
