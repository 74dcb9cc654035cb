import type {Distribution, ForeignPackage} from '../model/distribution.js'
import {limits} from '../model/limits.js'
import {compareText} from '../model/text.js'
import type {Warn} from '../model/warning.js'
import type {Collected, Collector, RootView} from '../rootfs/index.js'
import {type KeptText, keptText, keptTextCodec} from './collectors.js'
import {decodeText} from './text.js'

const folder = 'var/lib/dpkg'

/** `status` is dpkg's own database; distroless images have a file of it for each package, in `status.d`. */
const names = /^var\/lib\/dpkg\/(?:status|status\.d\/[^/]+|info\/[^/]+\.list)$/

/** dpkg's database and its file lists, to be parsed when all layers are merged. */
export const dpkgDatabase: Collector<KeptText> = {
  name: 'dpkgDatabase',
  wants: ({path}) => path.startsWith(folder) && names.test(path),
  limitBytes: limits.dpkgFileBytes,
  read: (body, {size}) => keptText(body, limits.dpkgFileBytes, size),
  // Once more while it is parsed.
  weigh: ({bytes}) => bytes.length * 2,
  codec: keptTextCodec,
}

/**
 * What dpkg installed; null where it did not.
 * @see deb-control(5); dpkg(1) "FILES"
 */
export function readDpkg(view: RootView, warn: Warn): Distribution | null {
  const texts = new Map([...view.collected(dpkgDatabase)].map(found => [found.path as string, found]))
  for (const {path, node, value} of texts.values()) {
    if (!value.cut) continue
    const message = `${path} has ${node.size} bytes; only the first ${limits.dpkgFileBytes} were read`
    warn({code: 'LIMIT_FILE_SIZE', path, layer: node.layer, message, hides: true})
  }
  const status = texts.get(`${folder}/status`)
  const stanzas = [...texts.values()].filter(({path}) => path.startsWith(`${folder}/status.d/`) && !isSums(path))
  const lines = new Lines(warn)
  const packages = [
    ...installedIn(status).map(pkg => ({...pkg, files: listOf(pkg, texts, lines)})),
    ...stanzas.flatMap(found =>
      installedIn(found).map(pkg => ({...pkg, files: summedFiles(texts.get(`${found.path}.md5sums`), lines)})),
    ),
  ]
  // Where dpkg is only a tool, as it is on Alpine, it has installed nothing.
  if (packages.length === 0) return null
  return {
    manager: 'dpkg',
    path: status?.path ?? `${folder}/status.d`,
    packages: packages.sort((a, b) => compareText(a.name, b.name)),
  }
}

type Text = Collected<KeptText> | undefined

function isSums(path: string): boolean {
  return path.endsWith('.md5sums')
}

/** Stanzas of packages that are there: those that were removed keep theirs, with another status. */
function installedIn(text: Text): Omit<ForeignPackage, 'files'>[] {
  if (text === undefined) return []
  const stanzas = decodeText(text.value.bytes).split(/\n[ \t\r]*\n/, limits.apkPackages)
  return stanzas.flatMap(stanza => {
    const fields = new Map<string, string>()
    for (const [, key = '', value = ''] of stanza.matchAll(/^([A-Za-z][\w-]*):[ \t]*(.*)$/gm))
      fields.set(key.toLowerCase(), value.trim())
    const name = fields.get('package') ?? ''
    const state = fields.get('status')
    if (name === '' || (state !== undefined && !state.endsWith(' installed'))) return []
    return {
      name,
      version: fields.get('version') ?? '',
      architecture: fields.get('architecture') ?? '',
      // `glibc (2.36-9)`: the version is there where it is not the package's own.
      source: (fields.get('source') ?? name).replace(/\s.*$/, ''),
    }
  })
}

/** Lines of file lists, of all packages together only so many. */
class Lines {
  #room: number = limits.apkFiles
  readonly #warn: Warn

  constructor(warn: Warn) {
    this.#warn = warn
  }

  of({path, node, value}: Collected<KeptText>): readonly string[] {
    const lines = decodeText(value.bytes).split('\n', this.#room + 1)
    if (lines.length > this.#room) {
      const message = `${path} is read in part: more than ${limits.apkFiles} files of packages are listed`
      this.#warn({code: 'LIMIT_DPKG_FILES', path, layer: node.layer, message, hides: true})
      lines.length = this.#room
    }
    this.#room -= lines.length
    return lines
  }
}

/** Packages that can be installed for several architectures have theirs in the name of the list. */
function listOf({name, architecture}: Omit<ForeignPackage, 'files'>, texts: ReadonlyMap<string, Text>, all: Lines) {
  const list = texts.get(`${folder}/info/${name}.list`) ?? texts.get(`${folder}/info/${name}:${architecture}.list`)
  if (!list) return null
  const lines = all.of(list)
  // A folder stands directly before what is in it.
  const files = lines.filter((line, at) => line.startsWith('/') && lines[at + 1]?.startsWith(`${line}/`) !== true)
  return files.map(relative).filter(path => path !== '.')
}

/** Lines of `md5sum`: the hash, two blanks, the path. */
function summedFiles(sums: Text, all: Lines): readonly string[] | null {
  if (sums === undefined) return null
  return all
    .of(sums)
    .flatMap(line => /^[0-9a-f]{32} [ *](.+)$/.exec(line)?.[1] ?? [])
    .map(relative)
}

function relative(path: string): string {
  return path.replace(/^(?:\.?\/)+/, '')
}
