import {execFileSync} from 'node:child_process'
import {createHash} from 'node:crypto'
import {existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync} from 'node:fs'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'

const cache = fileURLToPath(new URL('../../node_modules/.cache/piton-loader-cases', import.meta.url))

/** The folder of an npm package, unpacked alone; null where it cannot be fetched. */
export function npmPackage(spec: string): string | null {
  const folder = join(cache, encodeURIComponent(spec))
  if (existsSync(folder)) return folder
  mkdirSync(cache, {recursive: true})
  const unpacked = mkdtempSync(join(cache, 'fetch-'))
  try {
    const packed = execFileSync('npm', ['pack', '--silent', spec], {cwd: unpacked, encoding: 'utf8', stdio: 'pipe'})
    execFileSync('tar', ['xzf', packed.trim()], {cwd: unpacked, stdio: 'pipe'})
    rmSync(join(unpacked, packed.trim()))
    renameSync(unpacked, folder)
    return folder
  } catch {
    rmSync(unpacked, {recursive: true, force: true})
    return null
  }
}

export function sha256(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex')
}
