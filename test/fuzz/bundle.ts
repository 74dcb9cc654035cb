import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {build, type Plugin, transform} from 'esbuild'
import {instrument} from './instrument.js'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** What is instrumented: our own code, and the decoder that is JavaScript as well. */
const counted = /[/\\](?:src[/\\].*\.ts|node_modules[/\\]fzstd[/\\]esm[/\\].*\.m?js)$/

/**
 * Bundles the program that feeds one target, with every branch of what it tests counted.
 * @returns the file to run, and how many branches there are
 */
export async function bundle(
  target: string,
  folder: string,
): Promise<{readonly file: string; readonly branches: number}> {
  let branches = 0
  const counting: Plugin = {
    name: 'count branches',
    setup(bundler) {
      bundler.onLoad({filter: counted}, async ({path}) => {
        const text = readFileSync(path, 'utf8')
        const loader = path.endsWith('.ts') ? 'ts' : 'js'
        const {code} = await transform(text, {loader, target: 'node20.19', sourcefile: path})
        return {contents: instrument(code, () => branches++), loader: 'js'}
      })
    },
  }
  const file = join(folder, `${target}.mjs`)
  await build({
    absWorkingDir: root,
    stdin: {
      contents: `import {target} from './test/fuzz/targets/${target}.ts'\nimport {feed} from './test/fuzz/feed.ts'\nawait feed(target)\n`,
      resolveDir: root,
      loader: 'ts',
    },
    outfile: file,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    // Errors name the file and line of the source.
    sourcemap: 'inline',
    keepNames: true,
    logLevel: 'error',
    define: {PITON_VERSION: '"fuzz"', 'import.meta.url': JSON.stringify(new URL('./feed.ts', import.meta.url).href)},
    banner: {
      js: "import{createRequire as fuzzRequire}from'node:module';const require=fuzzRequire(import.meta.url);globalThis.hits=new Uint8Array(1<<17);",
    },
    plugins: [counting],
  })
  return {file, branches}
}
