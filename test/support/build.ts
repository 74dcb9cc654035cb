import {execFileSync} from 'node:child_process'
import {readdirSync, statSync} from 'node:fs'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Before any test: `bin/run.js` runs what is built, so it must be built from these sources. */
export default function buildIfStale(): void {
  const built = statSync(join(root, 'dist/load.js'), {throwIfNoEntry: false})?.mtimeMs ?? 0
  const sources = [...filesBelow('src'), ...filesBelow('scripts'), 'package.json', 'tsconfig.build.json']
  if (sources.every(file => statSync(join(root, file)).mtimeMs < built)) return
  execFileSync(process.execPath, [join(root, 'scripts/build.js')], {cwd: root, stdio: 'inherit'})
}

function filesBelow(folder: string): string[] {
  const entries = readdirSync(join(root, folder), {recursive: true, withFileTypes: true})
  return entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name).slice(root.length))
}
