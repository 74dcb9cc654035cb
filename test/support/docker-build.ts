import {apkDatabase, type PackageParts, releaseFiles} from './alpine.js'
import {dockerArchive} from './images.js'
import {file, type TarItem, tarOf} from './tar.js'

/**
 * A builder of images as far as package versions go, with the cache of layers that builders have. It reads Dockerfiles by
 * itself, and far fewer of them than the code under test: so it can be the judge of what a Dockerfile asks for.
 */

export type Packages = ReadonlyMap<string, PackageParts>

/** What a build starts from, and where `apk add` gets packages. */
export interface World {
  /** What an image of another builder holds, by the name in FROM; the release of Alpine, and the user it leaves. */
  base(image: string): {readonly packages: Packages; readonly release: string; readonly user?: string}
  /** The one version of each package that the repository holds now. */
  readonly repository: Packages
}

export interface Built {
  readonly image: Buffer
  /** What the final image has. */
  readonly packages: Packages
  /** For a build with a cache. */
  readonly layers: readonly BuiltLayer[]
}

interface BuiltLayer {
  /** What the cache knows it by, with all before it. */
  readonly key: string
  readonly createdBy: string
  /** null: nothing of files changed. */
  readonly state: State | null
}

interface State {
  readonly packages: Packages
  readonly pins: ReadonlyMap<string, string>
}

interface Parsed {
  readonly keyword: string
  readonly rest: string
}

/** @param cache of an earlier build: what is the same up to some line is taken from there */
export function dockerBuild(text: string, world: World, cache: Built | null = null): Built {
  const args = new Map<string, string>()
  const stages: {name: string; image: string; body: Parsed[]}[] = []
  for (const {keyword, rest} of parse(text)) {
    const stage = stages.at(-1)
    if (keyword === 'FROM') {
      const words = expand(rest, args)
        .split(/\s+/)
        .filter(word => !word.startsWith('--'))
      stages.push({image: words[0] ?? '', name: words[2] ?? '', body: []})
    } else if (stage === undefined) {
      const [name = '', value = ''] = rest.split('=')
      args.set(name, value.replace(/^"|"$/g, ''))
    } else stage.body.push({keyword, rest})
  }
  let stage = stages.at(-1)
  const body: Parsed[] = []
  for (;;) {
    body.unshift(...(stage?.body ?? []))
    const parent = stages.find(({name}) => name !== '' && name === stage?.image)
    if (parent === undefined) break
    stage = parent
  }
  return build(world.base(stage?.image ?? ''), stage?.image ?? '', body, args, world.repository, cache)
}

function build(
  base: ReturnType<World['base']>,
  image: string,
  body: readonly Parsed[],
  globals: ReadonlyMap<string, string>,
  repository: Packages,
  cache: Built | null,
): Built {
  const layers: BuiltLayer[] = [
    {
      key: image,
      createdBy: `ADD alpine-minirootfs-${base.release}-x86_64.tar.gz / # buildkit`,
      state: {packages: base.packages, pins: new Map()},
    },
  ]
  if (base.user !== undefined) layers.push({key: '', createdBy: `USER ${base.user}`, state: null})
  const variables = new Map<string, string>()
  let user = base.user ?? 'root'
  let state: State = {packages: base.packages, pins: new Map()}
  let isCached = cache?.layers[0]?.key === image
  for (const {keyword, rest} of body) {
    if (keyword === 'ARG') {
      const [name = '', value = globals.get(name) ?? ''] = rest.split('=')
      variables.set(name, value)
      continue
    }
    const isLayer = keyword === 'RUN' || keyword === 'COPY' || keyword === 'ADD'
    if (keyword === 'USER') user = rest
    const key = `${keyword} ${rest} ${[...variables]}`
    const createdBy = keyword === 'RUN' ? `RUN /bin/sh -c ${rest} # buildkit` : `${keyword} ${rest}`
    const known = cache?.layers[layers.length]
    isCached = isCached && known?.key === key
    if (keyword === 'RUN') {
      state = isCached && known?.state ? known.state : run(expand(rest, variables), user, state, repository)
    }
    layers.push({key, createdBy, state: isLayer ? state : null})
  }
  return {image: imageOf(layers, base.release), packages: state.packages, layers}
}

function imageOf(layers: readonly BuiltLayer[], release: string): Buffer {
  const contents = layers.flatMap(({state}, index): TarItem[][] => {
    if (state === null) return []
    const {packages, pins} = state
    const world = [...packages.keys()].map(name => name + (pins.get(name) ?? ''))
    const database = [apkDatabase([...packages.values()]), file('etc/apk/world', `${world.join('\n')}\n`)]
    return [index === 0 ? [...releaseFiles(release), ...database] : [...database, file(`layer${index}`, 'x')]]
  })
  return dockerArchive({
    layers: contents.map(items => tarOf(items)),
    tags: ['app:1.0'],
    createdBy: layers.map(({createdBy}) => createdBy),
  })
}

/** apk, as far as it decides versions. */
function run(command: string, user: string, before: State, repository: Packages): State {
  const packages = new Map(before.packages)
  const pins = new Map(before.pins)
  const install = (name: string): void => {
    const offered = repository.get(name)
    if (offered === undefined) throw new Error(`unable to select packages: ${name} (no such package)`)
    packages.set(name, offered)
    for (const needed of offered.depends?.split(' ') ?? []) if (!packages.has(needed)) install(needed)
  }
  for (const part of command.split(/&&|;|\n/)) {
    const words = part
      .trim()
      .split(/\s+/)
      .map(word => word.replace(/["']/g, ''))
    if (words[0] !== 'apk') continue
    if (!/^(?:root|0)(?::|$)/.test(user)) throw new Error(`apk as ${user}: permission denied`)
    const asked = words.slice(2).filter(word => !word.startsWith('-'))
    const isUpgrade = words[1] === 'upgrade' || words.includes('--upgrade')
    if (words[1] === 'upgrade' && asked.length === 0) {
      for (const name of packages.keys())
        if (meets(repository.get(name)?.version ?? '', pins.get(name) ?? '') && repository.has(name)) install(name)
    }
    for (const word of asked) {
      const [, name = '', pin = ''] = /^([\w.+-]+)(.*)$/.exec(word) ?? []
      const there = packages.get(name)?.version
      const offered = repository.get(name)?.version
      if (there === undefined || isUpgrade || !meets(there, pin)) {
        if (offered === undefined || !meets(offered, pin)) throw new Error(`unable to select packages: ${word}`)
        install(name)
      }
      if (pin === '') pins.delete(name)
      else pins.set(name, pin)
    }
  }
  return {packages, pins}
}

/** Versions of these tests have nothing but numbers. */
function meets(version: string, pin: string): boolean {
  const [, operator = '', wanted = ''] = /^([<>=~]*)(.*)$/.exec(pin) ?? []
  const order = compare(version, wanted)
  if (operator === '') return true
  if (operator.includes('~'))
    return version === wanted || (/^[.-]/.test(version.slice(wanted.length)) && version.startsWith(wanted))
  return (
    (operator.includes('=') && order === 0) ||
    (operator.includes('<') && order < 0) ||
    (operator.includes('>') && order > 0)
  )
}

function compare(a: string, b: string): number {
  const [left, right] = [a, b].map(text => text.split(/\D+/).map(Number))
  for (let index = 0; index < Math.max(left?.length ?? 0, right?.length ?? 0); index++) {
    const order = (left?.[index] ?? -1) - (right?.[index] ?? -1)
    if (order !== 0) return order
  }
  return 0
}

function parse(text: string): Parsed[] {
  const lines = text.replace(/^\ufeff/, '').split(/\r?\n/)
  const mark = /^#\s*escape=(.)/m.exec(text)?.[1] ?? '\\'
  const parsed: Parsed[] = []
  for (let at = 0; at < lines.length; at++) {
    let line = lines[at] ?? ''
    if (/^\s*(?:#|$)/.test(line)) continue
    while (line.trimEnd().endsWith(mark)) {
      line = line.trimEnd().slice(0, -1)
      do at++
      while (/^\s*#/.test(lines[at] ?? ''))
      line += lines[at] ?? ''
    }
    const heredoc = /<<(\w+)$/.exec(line)?.[1]
    const [, keyword = '', rest = ''] = /^\s*(\w+)\s+(.*)$/.exec(line) ?? []
    if (heredoc === undefined) parsed.push({keyword: keyword.toUpperCase(), rest: rest.trim()})
    else {
      const bodyLines: string[] = []
      while (lines[++at] !== heredoc) bodyLines.push(lines[at] ?? '')
      parsed.push({keyword: keyword.toUpperCase(), rest: bodyLines.map(each => `${each}\n`).join('')})
    }
  }
  return parsed
}

function expand(text: string, variables: ReadonlyMap<string, string>): string {
  return text.replace(/\$\{?(\w+)\}?/g, (all, name: string) => variables.get(name) ?? all)
}
