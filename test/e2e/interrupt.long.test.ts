import {type ChildProcess, spawn} from 'node:child_process'
import {chmodSync, readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {describe, expect, onTestFinished, test} from 'vitest'
import {engineServer} from '../support/engine-server.js'
import {temporaryFolder, writeFiles} from '../support/files.js'
import {dockerArchive} from '../support/images.js'
import {contentOf, registryServer} from '../support/registry-server.js'
import {smallSystem} from '../support/small-system.js'
import {tarOf} from '../support/tar.js'

const program = fileURLToPath(new URL('../../bin/run.js', import.meta.url))
const image = {layers: [tarOf(smallSystem)], tags: ['app:1.0']}

interface Run {
  readonly child: ChildProcess
  /** Where its report will be; nothing else is there before, and nothing at all after. */
  readonly reports: string
  /** Its temporary folder. */
  readonly scratch: string
}

/** `piton scan -o json=FILE …`, under way. */
function begin(args: readonly string[], env: Readonly<Record<string, string>> = {}): Run {
  const [reports, scratch] = [temporaryFolder(), temporaryFolder()]
  const {PATH = ''} = process.env
  const child = spawn(process.execPath, [program, 'scan', '-o', `json=${join(reports, 'out.json')}`, ...args], {
    env: {PATH, HOME: reports, XDG_CACHE_HOME: '/nonexistent', TMPDIR: scratch, ...env},
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  child.stdin?.on('error', () => {})
  onTestFinished(() => void child.kill('SIGKILL'))
  return {child, reports, scratch}
}

const until = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) await new Promise(resolve => setTimeout(resolve, 20))
}

/** Signals it, and says how it ended. */
async function interrupted({child, reports, scratch}: Run, signal: NodeJS.Signals) {
  await until(() => readdirSync(reports).some(name => /^\.out\.json\.\d+\.tmp$/.test(name)))
  const said: Buffer[] = []
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', chunk => said.push(chunk))
  const closed = new Promise<[code: number | null, by: NodeJS.Signals | null]>(resolve =>
    child.on('close', (code, by) => resolve([code, by])),
  )
  child.kill(signal)
  const [code, by] = await closed
  return {code, by, said: Buffer.concat(said).toString(), left: [readdirSync(reports), readdirSync(scratch)]}
}

const cleanly = (signal: NodeJS.Signals) => ({code: null, by: signal, said: '', left: [[], []]})

describe.skipIf(process.platform === 'win32')('told to end', () => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    test(`by ${signal} while a layer comes from a registry`, async () => {
      const content = contentOf('1.0', image)
      const {image: name, seen} = await registryServer(content, {kind: 'none'}, ({path}, response) => {
        const digest = path.slice(path.lastIndexOf('/') + 1)
        const blob = content.blobs.get(digest)
        if (blob === undefined || blob.length < 2000) return false
        response.writeHead(200, {'content-length': blob.length})
        return response.write(blob.subarray(0, 1000))
      })
      const run = begin([`${name}:1.0`])
      await until(() => seen.filter(({path}) => path.includes('/blobs/')).length >= 2)
      expect(await interrupted(run, signal)).toEqual(cleanly(signal))
    })
  }

  test('while it waits for standard input', async () => {
    const run = begin(['-'])
    run.child.stdin?.write(dockerArchive(image).subarray(0, 1000))
    expect(await interrupted(run, 'SIGTERM')).toEqual(cleanly('SIGTERM'))
  })

  test('while an engine is slow', async () => {
    const archive = dockerArchive(image)
    const {socket, seen} = await engineServer(['app:1.0'], archive, (path, response) =>
      path.includes('/get') ? response.write(archive.subarray(0, 1000)) : false,
    )
    const run = begin(['docker:app:1.0'], {DOCKER_HOST: `unix://${socket}`})
    await until(() => seen.length === 2)
    expect(await interrupted(run, 'SIGINT')).toEqual(cleanly('SIGINT'))
  })

  test('while a credential helper thinks: it is ended too', async () => {
    const content = contentOf('1.0', image)
    const {image: name} = await registryServer(content, {kind: 'basic', userinfo: 'a:b'})
    const folder = writeFiles(temporaryFolder(), [['config.json', JSON.stringify({credsStore: 'slow'})]])
    const pidFile = join(folder, 'pid')
    const script = `#!/bin/sh\necho $$ > ${pidFile}.new\nmv ${pidFile}.new ${pidFile}\nexec sleep 600\n`
    writeFiles(folder, [['bin/docker-credential-slow', script]])
    chmodSync(join(folder, 'bin/docker-credential-slow'), 0o755)
    const run = begin([`${name}:1.0`], {PATH: `${folder}/bin:${process.env['PATH']}`, DOCKER_CONFIG: folder})
    await until(() => readdirSync(folder).includes('pid'))
    const helper = Number(readFileSync(pidFile, 'utf8'))
    expect(await interrupted(run, 'SIGTERM')).toEqual(cleanly('SIGTERM'))
    await until(() => !isAlive(helper))
  })

  test('while several are scanned', async () => {
    const folder = temporaryFolder()
    const run = begin(['--from', '-'], {})
    run.child.stdin?.write(`${folder}\n`)
    // Nothing is open yet: it is still reading the list.
    await new Promise(resolve => setTimeout(resolve, 300))
    run.child.kill('SIGINT')
    await until(() => run.child.exitCode !== null || run.child.signalCode !== null)
    expect([run.child.signalCode, readdirSync(run.reports)]).toEqual(['SIGINT', []])
  })
})

/** A process that has ended may wait for somebody to take note of it. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' && process.platform !== 'linux'
  }
}
