import type {ApkPackage} from '../model/package.js'
import {type NamedPackage, packageName} from './apk-command.js'
import type {Span} from './location.js'

/** Which package provides what, for all packages of an image. */
export type Providers = ReadonlyMap<string, readonly ApkPackage[]>

/** By name, and by each name that it provides (`so:libcrypto.so.3`, `cmd:bash`). */
export function providersOf(packages: readonly ApkPackage[]): Providers {
  const providers = new Map<string, ApkPackage[]>()
  for (const each of packages) {
    for (const name of new Set([each.name, ...each.provides.map(packageName)])) {
      const known = providers.get(name)
      if (known === undefined) providers.set(name, [each])
      else known.push(each)
    }
  }
  return providers
}

/**
 * For each package the word of `apk add` that brought it in: the one that names it, else the one from which the fewest
 * dependencies lead to it; of several the first.
 */
export function originLines(added: readonly NamedPackage[], providers: Providers): ReadonlyMap<string, Span> {
  const lines = new Map<string, Span>()
  const queue: ApkPackage[] = []
  const reach = (name: string, span: Span) => {
    for (const each of providers.get(name) ?? []) {
      if (lines.has(each.name)) continue
      lines.set(each.name, span)
      queue.push(each)
    }
  }
  for (const {name, span} of added) reach(name, span)
  for (const each of queue) {
    const span = lines.get(each.name)
    if (span !== undefined) for (const needed of each.depends) reach(packageName(needed), span)
  }
  return lines
}
