import type {ElfType} from '../model/elf.js'
import type {Rule} from '../model/rule.js'
import {quote} from './words.js'

/** Object files and kernel modules, cores and debugging files are not loaded by anything that runs in the image. */
const runnable: ReadonlySet<ElfType> = new Set(['executable', 'pie', 'static-pie', 'static', 'shared', 'unknown'])

export const unownedExecutable: Rule = {
  id: 'PT1007',
  name: 'UnownedExecutable',
  title: 'No package owns this program or library',
  severity: 'note',
  family: 'image',
  help: {
    why:
      'It was copied or built into the image, so no advisory of the distribution covers it ' +
      'and apk upgrade does not replace it.',
    fix: 'Install it from a package where there is one; else watch the advisories of its project.',
    links: ['https://wiki.alpinelinux.org/wiki/Alpine_Package_Keeper'],
  },
  *check({packages, elfFiles}) {
    if (!packages.some(({files}) => files.length > 0)) return
    for (const {path, layer, package: owner, sameAs, type, machine, class: bits} of elfFiles) {
      if (owner !== null || sameAs !== null || !runnable.has(type)) continue
      yield {
        message: `No package owns ${quote(path)}, so no advisory of the distribution covers it.`,
        evidence: `ELF ${bits}-bit ${machine}, in no file list of the package database`,
        at: {path, layer},
        fix: {text: 'Install it from a package where there is one, or watch its own advisories.', command: null},
        identity: [path],
      }
    }
  },
}
