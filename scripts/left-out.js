// Packages that few runs need, each in a file of its own: the program is one file, and what is not in it need not be read.
import {isBuiltin} from 'node:module'
import {build} from 'esbuild'

/**
 * An esbuild plugin that leaves packages out of a CommonJS bundle: what is imported of them is taken, when it is first
 * used, from a file beside the bundle that {@link bundlePackages} makes.
 * @param {(specifier: string) => string | null} fileOf the name of that file; null for what belongs into the bundle
 * @param {Map<string, Set<string>>} taken where to write down what is imported, by file
 */
export function leaveOut(fileOf, taken) {
  return {
    name: 'leave-out',
    setup({onResolve, onLoad}) {
      onResolve({filter: /^[@a-z]/}, ({path, importer}) => {
        const file = importer.includes('node_modules') || isBuiltin(path) ? null : fileOf(path)
        if (file === null) return undefined
        taken.set(file, (taken.get(file) ?? new Set()).add(path))
        return {path, namespace: 'left-out'}
      })
      onResolve({filter: /^\.\/packages\//, namespace: 'left-out'}, ({path}) => ({path, external: true}))
      onLoad({filter: /./, namespace: 'left-out'}, ({path}) => ({
        contents: `module.exports = require(${JSON.stringify(`./packages/${fileOf(path)}.cjs`)})[${JSON.stringify(path)}]`,
        loader: 'js',
      }))
    },
  }
}

/**
 * Bundles what was left out. Each file gives its packages by the name that they were imported by, and loads each when it
 * is asked for.
 * @returns the files that went into them
 */
export async function bundlePackages(taken, options) {
  const inputs = []
  for (const [file, specifiers] of taken) {
    const getters = [...specifiers].sort().map(specifier => {
      const name = JSON.stringify(specifier)
      return `get ${name}() { return require(${name}) }`
    })
    const {metafile} = await build({
      ...options,
      stdin: {contents: `module.exports = {${getters.join(',\n')}}`, resolveDir: options.absWorkingDir, loader: 'js'},
      outfile: `dist/packages/${file}.cjs`,
    })
    inputs.push(...Object.keys(metafile.inputs))
  }
  return inputs
}
