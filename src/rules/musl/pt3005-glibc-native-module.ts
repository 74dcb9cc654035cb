import type {NativeModule} from '../../model/native.js'
import type {Rule} from '../../model/rule.js'
import {count} from '../../model/text.js'
import {name, quote, quoteList} from '../words.js'
import {ecosystemNames, remedyFor} from './native-remedies.js'
import {refusedModules} from './refused-modules.js'

export const glibcNativeModule: Rule = {
  id: 'PT3005',
  name: 'GlibcNativeModule',
  title: 'Native module was built for glibc',
  severity: 'high',
  family: 'musl',
  help: {
    why:
      'The package brings machine code that was built for glibc, and no build for musl lies beside it. The loader of ' +
      'musl refuses a library whose symbols or libraries it does not have, and what it does load may crash. ' +
      'It comes from installing dependencies on Debian or macOS and copying them into an Alpine image.',
    fix: 'Install the dependencies inside the Alpine image, or in a build stage that is Alpine as well.',
    links: [
      'https://docs.npmjs.com/cli/v11/configuring-npm/package-json#libc',
      'https://peps.python.org/pep-0656/',
      'https://learn.microsoft.com/en-us/dotnet/core/rid-catalog',
      'https://wiki.alpinelinux.org/wiki/Running_glibc_programs',
    ],
  },
  *check(facts) {
    for (const {module, files, isCertain} of refusedModules(facts)) {
      const [first] = files
      if (first === undefined) continue
      const {ecosystem, version} = module
      const label = version === null ? quote(module.name) : `${quote(module.name)} ${quote(version)}`
      yield {
        ...(!isCertain && {severity: 'medium' as const}),
        message:
          `${ecosystemNames[ecosystem]} ${label} was built for glibc, and no build for musl lies beside it. ` +
          `${isCertain ? 'musl refuses' : 'Whether musl loads it depends on the symbols that it uses:'} ` +
          `${count(files.length, 'file')}, ${quoteList(files.map(({path}) => path))}.`,
        evidence: files
          .slice(0, 5)
          .map(({path, evidence}) => `${name(path)}: ${name(evidence)}`)
          .join('; '),
        at: {path: first.path, layer: first.layer},
        packages: [{name: name(module.name), version: name(version ?? '')}],
        fix: remedyFor(module, facts.system.machine ?? first.machine),
        identity: [ecosystem, module.name, withoutVersion(module)],
      }
    }
  },
}

/** Some ecosystems write the version into the path. */
function withoutVersion({path, version}: NativeModule): string {
  return version === null ? path : path.replaceAll(version, '')
}
