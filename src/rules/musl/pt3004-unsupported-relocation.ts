import type {UnsupportedRelocation} from '../../model/musl.js'
import type {Rule} from '../../model/rule.js'
import {count} from '../../model/text.js'
import {quote} from '../words.js'
import {breaksText, complaints, rebuildAdvice} from './loaded.js'

const reasons: Readonly<Record<UnsupportedRelocation['cause'], string>> = {
  type: "which musl's loader does not know: it refuses the file",
  relr: 'which a musl this old passes over without a word: the file crashes',
  'initial-exec-tls': 'which a library that is opened at run time cannot have: it does not open',
}

export const unsupportedRelocation: Rule = {
  id: 'PT3004',
  name: 'UnsupportedRelocation',
  title: "Relocation that musl's loader does not process",
  severity: 'high',
  family: 'musl',
  help: {
    why: 'Functions that are chosen at start (IFUNC) and a few other relocations need the loader of glibc.',
    fix: 'Compile it for musl: the compiler then leaves such relocations out. For DT_RELR take a newer Alpine, or link without -z pack-relative-relocs.',
    links: ['https://wiki.musl-libc.org/functional-differences-from-glibc.html'],
  },
  *check(facts) {
    const found = complaints(
      facts,
      ({unsupportedRelocations}) => unsupportedRelocations,
      item => item.in,
      ({name}) => name,
    )
    for (const {file, items, breaks} of found) {
      for (const {name, count: number, cause} of items) {
        yield {
          message: `${quote(file.path)} has ${count(number, 'relocation')} ${quote(name)}, ${reasons[cause]}.${breaksText(breaks)}`,
          evidence: `${name}, ${count(number, 'time')}`,
          at: {path: file.path, layer: file.layer},
          names: [name],
          fix: {text: rebuildAdvice(file), command: null},
          identity: [file.path, name],
        }
      }
    }
  },
}
