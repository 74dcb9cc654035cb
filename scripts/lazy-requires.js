// An esbuild plugin for packages in CommonJS: what a module requires is loaded when it is first
// used, not when the module is. Of oclif a command needs the parser; loading all the rest of it takes longer than a scan.
import {readFile} from 'node:fs/promises'

/** `const x_1 = require("y");`, with or without the helpers that TypeScript puts around it, or written by hand with var. */
const required = /^(?:const|var) (\w+) = ((?:__importDefault|__importStar)\()?require\(("[^"]+"|'[^']+')\)\)?;$/gm

/** @param {RegExp} files which files, by their path */
export function lazyRequires(files) {
  return {
    name: 'lazy-requires',
    setup(build) {
      build.onLoad({filter: files}, async ({path}) => ({contents: lazy(await readFile(path, 'utf8')), loader: 'js'}))
    },
  }
}

function lazy(code) {
  const names = []
  const declared = code.replace(required, (_, name, helper, module) => {
    names.push(name)
    const load = helper === undefined ? `require(${module})` : `${helper}require(${module}))`
    return `let ${name}$loaded; const ${name}$ = () => (${name}$loaded ??= ${load});`
  })
  // Not where it is a property, nor a part of a longer name.
  return names.reduce(
    (text, name) => text.replace(new RegExp(`(?<![.\\w$'"/])${name}\\b(?![$:\\w])`, 'g'), `(${name}$())`),
    declared,
  )
}
