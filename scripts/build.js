// Bundles what is published: the program as one file, packages that few runs need beside it, what loads the program, the
// type declarations of the library, and the licences of what is bundled.
import {execFileSync} from 'node:child_process'
import {createHash} from 'node:crypto'
import {existsSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {createRequire} from 'node:module'
import {join, relative} from 'node:path'
import {fileURLToPath} from 'node:url'
import {build} from 'esbuild'
import {lazyRequires} from './lazy-requires.js'
import {bundlePackages, leaveOut} from './left-out.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const {version} = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

/** What every command needs, or is so small that a file of its own would cost more. */
const inProgram = /^(?:@oclif\/core|elfy|fastest-levenshtein)(?:\/|$)/

/** The name of the file for a package; null for what is in the program. */
function fileOf(specifier) {
  if (inProgram.test(specifier)) return null
  const [, name] = /^((?:@[^/]+\/)?[^/]+)/.exec(specifier)
  // Its plugins and it share parts.
  return name.startsWith('@octokit/') ? 'octokit' : name.replace('@', '').replace('/', '-')
}

rmSync(join(root, 'dist'), {recursive: true, force: true})
const digest = digestOfSources()
const options = {
  absWorkingDir: root,
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node20.19',
  minifySyntax: true,
  minifyWhitespace: true,
  keepNames: true,
  legalComments: 'none',
  metafile: true,
  define: {PITON_VERSION: JSON.stringify(version), PITON_BUILD: JSON.stringify(digest), 'import.meta.url': 'moduleUrl'},
  banner: {js: 'const moduleUrl=require("node:url").pathToFileURL(__filename).href;'},
}
const taken = new Map()
const program = await build({
  ...options,
  stdin: {
    contents: `
      export {main} from './src/cli/main.js'
      export {COMMANDS} from './src/commands/index.js'
      export * as library from './src/index.js'`,
    resolveDir: root,
    loader: 'ts',
  },
  outfile: 'dist/program.cjs',
  plugins: [lazyRequires(/(?:@oclif\/core\/lib\/.*|elfy\/parser)\.js$/), leaveOut(fileOf, taken)],
})
// What runs on a thread of its own.
const thread = await build({
  ...options,
  entryPoints: ['src/archive/thread/worker.ts'],
  outfile: 'dist/unpack.cjs',
  plugins: [leaveOut(fileOf, taken)],
})
const packages = await bundlePackages(taken, options)
await build({
  ...options,
  entryPoints: ['src/cli/load.ts'],
  outfile: 'dist/load.js',
  format: 'esm',
  define: {PITON_VERSION: JSON.stringify(version), PITON_BUILD: JSON.stringify(digest)},
  banner: {},
})
const {library} = createRequire(import.meta.url)('../dist/program.cjs')
const modules = {
  'commands.js': "export const {COMMANDS} = loadProgram('')",
  'index.js': `export const {${Object.keys(library).sort().join(', ')}} = loadProgram('').library`,
}
for (const [file, code] of Object.entries(modules)) {
  writeFileSync(join(root, 'dist', file), `import {loadProgram} from './load.js'\n${code}\n`)
}
execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json'], {
  cwd: root,
  stdio: 'inherit',
})
writeFileSync(
  join(root, 'dist/LICENSES.txt'),
  licences([...Object.keys(program.metafile.inputs), ...Object.keys(thread.metafile.inputs), ...packages]),
)

/** Whatever is kept from one run to the next is thrown away when any of this changes. */
function digestOfSources() {
  const files = ['src', 'scripts'].flatMap(folder =>
    readdirSync(join(root, folder), {recursive: true, withFileTypes: true})
      .filter(entry => entry.isFile())
      .map(entry => join(entry.parentPath, entry.name))
      .sort(),
  )
  const hash = createHash('sha256')
  for (const file of [...files, join(root, 'package-lock.json')]) {
    hash.update(`${relative(root, file)}\0`).update(readFileSync(file))
  }
  return hash.digest('hex').slice(0, 16)
}

/** The licence texts of the packages behind these files. */
function licences(inputs) {
  const packages = new Set(
    inputs.map(input => /^(?:.*node_modules\/)((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[0]).filter(Boolean),
  )
  const texts = [...packages].sort().map(folder => {
    const {name, version: itsVersion, license} = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
    const file = readdirSync(join(root, folder)).find(entry => /^licen[cs]e/i.test(entry))
    const text =
      file !== undefined && existsSync(join(root, folder, file))
        ? readFileSync(join(root, folder, file), 'utf8').trim()
        : ''
    return `${name} ${itsVersion} (${license})\n\n${text}\n`
  })
  return texts.join(`\n${'-'.repeat(80)}\n\n`)
}
