import type {ModifiedFile} from '../model/facts.js'
import type {Remedy, Rule} from '../model/rule.js'
import {packageNamed} from './packages.js'
import {isPackageName, name, quote} from './words.js'

export const modifiedPackageFile: Rule = {
  id: 'PT1006',
  name: 'ModifiedPackageFile',
  title: 'File differs from what its package installed',
  severity: 'high',
  family: 'image',
  partOf: 'integrity',
  help: {
    why:
      'The database of apk has a checksum of each file that a package installed. This file has another content: a later ' +
      'step of the build, or somebody else, changed it. Advisories are about the file of the package, not about this one. ' +
      'A link that leads elsewhere is low. Configuration (etc, but for etc/init.d and etc/apk/keys) and what programs and ' +
      'users write (var, root, home and the like) are expected to change and are not compared, and a file that is ' +
      'gone is not modified. Runs only with --integrity or --check integrity, for it has to read every file.',
    fix: 'Install the package again (`apk fix --reinstall PACKAGE`), or find the step that changes the file.',
    links: ['https://wiki.alpinelinux.org/wiki/Alpine_Package_Keeper'],
  },
  *check({modifiedFiles, packages}) {
    for (const file of modifiedFiles) {
      const owner = packageNamed(packages, file.package)
      yield {
        ...(file.isLink && {severity: 'low' as const}),
        message: messageOf(file),
        evidence: `${file.expected.algorithm} ${file.actual}, installed as ${file.expected.hex}`,
        at: {path: file.path, layer: file.layer},
        ...(owner && {origin: name(owner.origin), packages: [{name: name(owner.name), version: name(owner.version)}]}),
        fix: remedyOf(file),
        identity: [file.path],
      }
    }
  },
}

function messageOf({path, isLink, package: owner}: ModifiedFile): string {
  return isLink
    ? `${quote(path)} leads elsewhere than the link that package ${quote(owner)} installed.`
    : `${quote(path)} is not the file that package ${quote(owner)} installed. Something changed it afterwards.`
}

function remedyOf({package: owner}: ModifiedFile): Remedy {
  const text = `Install package ${quote(owner)} again, or find the step of the build that changes its files.`
  return {text, command: isPackageName(owner) ? `apk fix --reinstall ${owner}` : null}
}
