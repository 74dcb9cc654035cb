import {execFileSync} from 'node:child_process'
import {createHash} from 'node:crypto'
import {
  copyFileSync,
  createReadStream,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import {join} from 'node:path'

/** An image of the benchmark in one of the forms that people have. */
export interface BenchImage {
  /** `debian minbase, OCI gzip, 8 layers`. */
  readonly name: string
  readonly content: string
  readonly form: Form
  readonly layers: number
  readonly path: string
  /** The files of its layers as they are stored in it. */
  readonly blobs: readonly string[]
  readonly bytes: number
}

export const forms = ['docker-archive', 'OCI gzip', 'OCI zstd'] as const
export type Form = (typeof forms)[number]

/** A tree to make images of: a folder, or files of this machine. */
interface Content {
  readonly name: string
  readonly layerCounts: readonly number[]
  /** Paths below `folder`, and the bytes of each. */
  readonly files: readonly (readonly [path: string, bytes: number])[]
  readonly folder: string
}

/** What this machine has to offer, up to so many bytes. */
const bigBytes = 1.5 * 1024 ** 3

/**
 * The images of `npm run bench`, made of what the machine has and kept for the next time.
 * @param work where they are kept
 * @param alpine a root file system of Alpine, as a tarball
 */
export async function benchImages(work: string, alpine: string | null): Promise<BenchImage[]> {
  mkdirSync(work, {recursive: true})
  const images: BenchImage[] = []
  for (const content of [alpineTree(work, alpine), debianTree(work), thisMachine()]) {
    if (content === null) continue
    for (const layers of content.layerCounts) images.push(...(await imagesOf(content, layers, work)))
  }
  return images
}

function alpineTree(work: string, tarball: string | null): Content | null {
  if (tarball === null) return null
  const folder = join(work, 'alpine')
  if (!existsSync(folder)) {
    mkdirSync(folder)
    execFileSync('tar', ['-xzf', tarball, '-C', folder, '--no-same-owner', '--exclude=./dev/*'], {stdio: 'ignore'})
  }
  return {name: 'Alpine', layerCounts: [1], files: filesBelow(folder), folder}
}

/** The smallest Debian, where debootstrap can make it. */
function debianTree(work: string): Content | null {
  const folder = join(work, 'debian')
  if (!existsSync(folder)) {
    const making = `${folder}.tmp`
    rmSync(making, {recursive: true, force: true})
    try {
      execFileSync('debootstrap', ['--variant=minbase', 'bookworm', making], {stdio: 'ignore'})
    } catch {
      return null
    }
    renameSync(making, folder)
  }
  return {name: 'Debian minbase', layerCounts: [1, 8], files: filesBelow(folder), folder}
}

function thisMachine(): Content {
  const files: (readonly [string, number])[] = []
  let bytes = 0
  for (const below of ['usr/bin', 'usr/lib', 'usr/local', 'opt', 'usr/share']) {
    for (const [path, size] of filesBelow(join('/', below))) {
      if (bytes + size > bigBytes) continue
      files.push([join(below, path), size])
      bytes += size
    }
  }
  return {name: `${(bytes / 1e9).toFixed(2)} GB of this machine`, layerCounts: [1, 8], files, folder: '/'}
}

function filesBelow(folder: string): [string, number][] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, {recursive: true, withFileTypes: true})
    .filter(entry => entry.isFile() || entry.isSymbolicLink())
    .map((entry): [string, number] => {
      const path = join(entry.parentPath, entry.name)
      return [path.slice(folder.length).replace(/^\//, ''), entry.isFile() ? statSync(path).size : 0]
    })
    .sort(([a], [b]) => (a < b ? -1 : 1))
}

async function imagesOf(content: Content, count: number, work: string): Promise<BenchImage[]> {
  const name = `${content.name}, ${count} ${count === 1 ? 'layer' : 'layers'}`
  const folder = join(work, name.replace(/[^a-z0-9]+/gi, '-').toLowerCase())
  mkdirSync(folder, {recursive: true})
  const tars = slices(content.files, count).map((files, index) => {
    const tar = join(folder, `layer-${index}.tar`)
    if (!existsSync(tar)) {
      const list = `${tar}.list`
      writeFileSync(list, files.map(([path]) => `${path}\0`).join(''))
      execFileSync('tar', ['-cf', tar, '-C', content.folder, '--null', '--no-recursion', '-T', list])
      rmSync(list)
    }
    return tar
  })
  const images: BenchImage[] = []
  for (const form of forms) {
    const blobs = form === 'docker-archive' ? tars : tars.map(tar => packed(tar, form === 'OCI gzip' ? 'gzip' : 'zstd'))
    const path = join(folder, `${form.toLowerCase().replace(' ', '-')}.tar`)
    if (!existsSync(path)) await writeImage(path, form, tars, blobs)
    images.push({name, content: content.name, form, layers: count, path, blobs, bytes: statSync(path).size})
  }
  return images
}

/** Parts of about the same size, in order. */
function slices(files: Content['files'], count: number): Content['files'][] {
  const total = files.reduce((sum, [, bytes]) => sum + bytes, 0)
  const parts = Array.from({length: count}, () => [] as Content['files'][number][])
  let before = 0
  for (const file of files) {
    parts[Math.min(count - 1, Math.floor((before / total) * count))]?.push(file)
    before += file[1]
  }
  return parts
}

function packed(tar: string, program: 'gzip' | 'zstd'): string {
  const file = `${tar}.${program === 'gzip' ? 'gz' : 'zst'}`
  if (!existsSync(file)) execFileSync(program, ['-k', '-q', tar])
  return file
}

async function writeImage(path: string, form: Form, tars: readonly string[], blobs: readonly string[]): Promise<void> {
  const staging = `${path}.tmp`
  rmSync(staging, {recursive: true, force: true})
  mkdirSync(join(staging, 'blobs/sha256'), {recursive: true})
  const diffIDs = await Promise.all(tars.map(digestOf))
  const config = JSON.stringify({
    architecture: 'amd64',
    os: 'linux',
    config: {Cmd: ['/bin/sh']},
    rootfs: {type: 'layers', diff_ids: diffIDs.map(hex => `sha256:${hex}`)},
    history: diffIDs.map(() => ({created_by: 'COPY . /'})),
  })
  if (form === 'docker-archive') {
    const layers = tars.map((tar, index) => {
      copyFileSync(tar, join(staging, `${diffIDs[index]}.tar`))
      return `${diffIDs[index]}.tar`
    })
    const id = sha256(config)
    writeFileSync(join(staging, `${id}.json`), config)
    writeFileSync(
      join(staging, 'manifest.json'),
      JSON.stringify([{Config: `${id}.json`, RepoTags: ['bench:1.0'], Layers: layers}]),
    )
    rmSync(join(staging, 'blobs'), {recursive: true})
  } else {
    const kind = form === 'OCI gzip' ? 'tar+gzip' : 'tar+zstd'
    const layers = await Promise.all(
      blobs.map(async blob => {
        const hex = await digestOf(blob)
        copyFileSync(blob, join(staging, 'blobs/sha256', hex))
        return {
          mediaType: `application/vnd.oci.image.layer.v1.${kind}`,
          digest: `sha256:${hex}`,
          size: statSync(blob).size,
        }
      }),
    )
    const put = (text: string, mediaType: string) => {
      writeFileSync(join(staging, 'blobs/sha256', sha256(text)), text)
      return {mediaType, digest: `sha256:${sha256(text)}`, size: Buffer.byteLength(text)}
    }
    const manifest = JSON.stringify({
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      config: put(config, 'application/vnd.oci.image.config.v1+json'),
      layers,
    })
    const described = put(manifest, 'application/vnd.oci.image.manifest.v1+json')
    writeFileSync(join(staging, 'index.json'), JSON.stringify({schemaVersion: 2, manifests: [described]}))
    writeFileSync(join(staging, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}')
  }
  execFileSync('tar', ['-cf', `${path}.part`, '-C', staging, '.'])
  rmSync(staging, {recursive: true})
  renameSync(`${path}.part`, path)
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path, {highWaterMark: 1 << 20})) hash.update(chunk)
  return hash.digest('hex')
}
