import {Dependencies} from '../../model/dependencies.js'
import type {Facts} from '../../model/facts.js'
import type {InstalledPackage} from '../../model/package.js'
import type {Finding, FindingLayer, ReportLayer} from '../../model/report.js'
import type {SourceLine} from '../../model/source-line.js'
import type {Why, WhyAnswer} from '../../model/why.js'
import {shortestChains} from './chains.js'
import {LinkGraph} from './links.js'
import {type Meant, meaningOf} from './meaning.js'

/** What is known of an image. */
export interface WhyContext {
  readonly facts: Facts
  readonly findings: readonly Finding[]
  readonly layers: readonly ReportLayer[]
  /** The line of the Dockerfile that brought something in; null where none is known. */
  locate(sought: {readonly layer: number | null; readonly package: string | null}): SourceLine | null
}

/**
 * Says who needs a package, a file or a library of an image, and who brought it.
 * @param asked name of a package, soname, path or file name
 * @returns null where there is nothing of that name
 */
export function answerWhy(asked: string, context: WhyContext): WhyAnswer | null {
  const {packages, world} = context.facts
  const dependencies = new Dependencies(packages, world)
  const meant = meaningOf(asked, context.facts, dependencies)
  if (meant === null) return null
  const links = new LinkGraph(context.facts.elfFiles)
  return {asked, meant: meant.kind, whys: meant.things.map(thing => whyOf(thing, context, dependencies, links))}
}

type Thing = Meant['things'][number]

function whyOf({owner, files}: Thing, context: WhyContext, dependencies: Dependencies, links: LinkGraph): Why {
  const {facts, layers, findings} = context
  const layer = layerOf(owner, files, facts)
  const found = layer === null ? undefined : layers[layer]
  return {
    package: owner,
    foreignPackage: owner === null ? foreignOwner(files, facts) : null,
    files,
    world: owner && dependencies.worldEntry(owner),
    chains: owner === null ? [] : shortestChains(owner, dependencies),
    neededBy: owner === null ? [] : dependencies.on(owner).map(({by, as}) => ({package: by.name, as})),
    installedFor: owner === null ? null : (dependencies.installedFor(owner)?.map(({name}) => name) ?? null),
    linkedBy: links.linkedBy(files),
    scripts: scriptsOf(owner, files, facts),
    layer: layer === null || found === undefined ? null : layerText(layer, found),
    dockerfile: context.locate({layer, package: owner?.name ?? null}),
    ...loading(owner, files, facts, links),
    findings: findings.filter(finding => isAbout(finding, owner, files)),
  }
}

function foreignOwner(files: readonly string[], {elfFiles, scripts, distribution}: Facts): Why['foreignPackage'] {
  const name = [...elfFiles, ...scripts].find(({path}) => files.includes(path))?.package ?? null
  return name === null || distribution === null ? null : {name, manager: distribution.manager}
}

function layerOf(owner: InstalledPackage | null, files: readonly string[], {elfFiles, scripts}: Facts): number | null {
  if (owner !== null) return owner.layer
  return [...elfFiles, ...scripts].find(({path}) => files.includes(path))?.layer ?? null
}

function layerText(index: number, {diffID, createdBy, base}: ReportLayer): FindingLayer {
  return {index, diffID, createdBy, base}
}

/** Scripts that name one of the files, or one of the package's, in their first line. */
function scriptsOf(owner: InstalledPackage | null, files: readonly string[], {scripts}: Facts): readonly string[] {
  const names = new Set([...files, ...(owner?.files ?? []).map(({path}) => path)].map(path => `/${path}`))
  const commands = new Set(
    [...names].filter(path => /\/s?bin\/[^/]+$/.test(path)).map(path => path.slice(path.lastIndexOf('/') + 1)),
  )
  return scripts
    .filter(({line}) => {
      const [interpreter = '', ...words] = line.split(/[ \t]+/)
      const command = interpreter.endsWith('/env') ? words.find(word => !word.startsWith('-')) : undefined
      return names.has(interpreter) || (command !== undefined && commands.has(command))
    })
    .map(({path}) => path)
}

function loading(
  owner: InstalledPackage | null,
  files: readonly string[],
  {loaded}: Facts,
  links: LinkGraph,
): Pick<Why, 'loaded' | 'loadedThrough'> {
  if (loaded === null) return {loaded: null, loadedThrough: []}
  const among = new Set(loaded.files)
  const reached = links.path(loaded.program, new Set(files.filter(path => among.has(path))), among)
  if (files.some(path => among.has(path)) || (owner !== null && loaded.packages.includes(owner.name))) {
    return {loaded: true, loadedThrough: reached}
  }
  return {loaded: loaded.reason === null ? false : null, loadedThrough: []}
}

function isAbout({family, path, packages}: Finding, owner: InstalledPackage | null, files: readonly string[]): boolean {
  if (family !== 'vulnerability' && files.includes(path)) return true
  return owner !== null && packages.some(({name}) => name === owner.name)
}
