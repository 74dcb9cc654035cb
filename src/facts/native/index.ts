import type {ElfType} from '../../model/elf.js'
import type {ElfFile} from '../../model/facts.js'
import type {NativeModule} from '../../model/native.js'
import {compareText} from '../../model/text.js'
import type {Collector, RootView} from '../../rootfs/index.js'
import {compiled} from './compiled.js'
import {dotnet} from './dotnet.js'
import type {EcosystemReader} from './ecosystem.js'
import {java} from './java.js'
import {node} from './node.js'
import {php} from './php.js'
import {python} from './python.js'
import {ruby} from './ruby.js'

/** In the order in which they claim files; what a language's compiler left is claimed last. */
const ecosystems: readonly EcosystemReader[] = [node, python, ruby, php, dotnet, java, compiled]

export const nativeCollectors: readonly Collector[] = ecosystems.flatMap(({collectors}) => collectors)

/** What something can load or start. */
const loadable: ReadonlySet<ElfType> = new Set(['executable', 'pie', 'static', 'static-pie', 'shared', 'unknown'])

/** Packages of language ecosystems that bring machine code; no file is in two of them. */
export function listNativeModules(view: RootView, elfFiles: readonly ElfFile[]): NativeModule[] {
  let files = elfFiles.filter(({type}) => loadable.has(type))
  const modules: NativeModule[] = []
  for (const ecosystem of ecosystems) {
    const found = ecosystem.find(view, files)
    if (found.length === 0) continue
    modules.push(...found)
    const claimed = new Set(found.flatMap(module => module.files.map(({path}) => path)))
    files = files.filter(({path}) => !claimed.has(path))
  }
  return modules.sort((a, b) => compareText(a.path, b.path) || compareText(a.name, b.name))
}
