// Bundles what is published: dist/ with the program, one chunk for each thing that is loaded only when it is needed, the
// type declarations of the library, and the licences of what is bundled.
import {execFileSync} from 'node:child_process'
import {createHash} from 'node:crypto'
import {existsSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {join, relative} from 'node:path'
import {fileURLToPath} from 'node:url'
import {build} from 'esbuild'
import {lazyRequires} from './lazy-requires.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const {version} = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

rmSync(join(root, 'dist'), {recursive: true, force: true})
const {metafile} = await build({
  absWorkingDir: root,
  entryPoints: {index: 'src/index.ts', cli: 'src/cli/main.ts', commands: 'src/commands/index.ts'},
  outdir: 'dist',
  chunkNames: 'chunks/[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  minifySyntax: true,
  minifyWhitespace: true,
  keepNames: true,
  legalComments: 'none',
  plugins: [lazyRequires(/@oclif\/core\/lib\/.*\.js$/)],
  metafile: true,
  define: {PITON_VERSION: JSON.stringify(version), PITON_BUILD: JSON.stringify(digestOfSources())},
  // CommonJS packages in an ESM bundle ask for `require`, `__filename` and `__dirname`.
  banner: {
    js: "import{createRequire as pitonRequire}from'node:module';import{fileURLToPath as pitonPath}from'node:url';const require=pitonRequire(import.meta.url),__filename=pitonPath(import.meta.url),__dirname=pitonPath(new URL('.',import.meta.url));",
  },
})
execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json'], {
  cwd: root,
  stdio: 'inherit',
})
writeFileSync(join(root, 'dist/LICENSES.txt'), licences(Object.keys(metafile.inputs)))

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
