import type {Rule} from '../model/rule.js'
import {quote} from './words.js'

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
    for (const {path, layer, package: owner, type, machine, class: bits} of elfFiles) {
      if (owner !== null || (type !== 'executable' && type !== 'dynamic')) continue
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
