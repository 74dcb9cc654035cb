import {spawn} from 'node:child_process'
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {parse} from 'yaml'
import {temporaryFolder} from './files.js'

const actionFolder = fileURLToPath(new URL('../../.github/actions/scan', import.meta.url))

interface Step {
  readonly id?: string
  readonly if?: string
  readonly uses?: string
  readonly run?: string
  readonly shell?: string
  readonly env?: Readonly<Record<string, string>>
  readonly with?: Readonly<Record<string, string>>
}

interface Action {
  readonly inputs: Readonly<Record<string, {readonly description: string; readonly default?: string}>>
  readonly outputs: Readonly<Record<string, {readonly value: string}>>
  readonly runs: {readonly using: string; readonly steps: readonly Step[]}
}

export interface ActionRun {
  /** Of the first step that failed; 0 where none did. */
  readonly code: number
  /** What the steps printed, both streams. */
  readonly log: string
  readonly summary: string
  readonly outputs: Readonly<Record<string, string>>
  /** Steps that use other actions, and what they were given. */
  readonly used: readonly {readonly uses: string; readonly with: Readonly<Record<string, string>>}[]
}

export interface ActionOptions {
  /** Files of the checkout. */
  readonly files?: Readonly<Record<string, string>>
  readonly event?: unknown
  readonly env?: Readonly<Record<string, string>>
}

/** Runs the composite action as GitHub's runner does: its expressions, its shell, its files; without a network. */
export async function runAction(
  inputs: Readonly<Record<string, string>>,
  {files = {}, event = {}, env = {}}: ActionOptions = {},
): Promise<ActionRun> {
  const action: Action = parse(readFileSync(join(actionFolder, 'action.yml'), 'utf8'))
  const folder = temporaryFolder()
  const workspace = join(folder, 'work')
  for (const name of ['work', 'temp']) mkdirSync(join(folder, name))
  for (const [path, text] of Object.entries(files)) writeFileSync(join(workspace, path), text)
  const at = (name: string, text = '') => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }
  const runner = {
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    GITHUB_ACTIONS: 'true',
    GITHUB_ACTION_PATH: actionFolder,
    GITHUB_WORKSPACE: workspace,
    GITHUB_REPOSITORY: 'team/app',
    GITHUB_SHA: '0123456789abcdef0123456789abcdef01234567',
    GITHUB_REF: 'refs/heads/main',
    GITHUB_EVENT_PATH: at('event.json', JSON.stringify(event)),
    GITHUB_STEP_SUMMARY: at('summary.md'),
    RUNNER_TEMP: join(folder, 'temp'),
    ...env,
  }
  const values = new Map<string, string>([['github.token', 'token-of-the-job']])
  for (const [name, input] of Object.entries(action.inputs)) {
    values.set(`inputs.${name}`, evaluated(inputs[name] ?? input.default ?? '', values))
  }
  let [code, log] = [0, '']
  const used: {uses: string; with: Record<string, string>}[] = []
  for (const [index, step] of action.runs.steps.entries()) {
    if (code !== 0 || !isTrue(step.if, values)) continue
    const filled = (record: Readonly<Record<string, string>> = {}) =>
      Object.fromEntries(Object.entries(record).map(([name, text]) => [name, evaluated(String(text), values)]))
    if (step.uses !== undefined) {
      used.push({uses: step.uses, with: filled(step.with)})
      continue
    }
    if (step.shell !== 'bash' || step.run === undefined)
      throw new Error(`step ${index} has no shell that is known here`)
    const output = at(`output-${index}`)
    const script = at(`step-${index}.sh`, evaluated(step.run, values))
    const ran = await bash(script, workspace, {...runner, ...filled(step.env), GITHUB_OUTPUT: output})
    log += ran.log
    code = ran.code
    for (const line of readFileSync(output, 'utf8')
      .split('\n')
      .filter(text => text !== '')) {
      const equals = line.indexOf('=')
      values.set(`steps.${step.id}.outputs.${line.slice(0, equals)}`, line.slice(equals + 1))
    }
  }
  const outputs = Object.entries(action.outputs).map(([name, {value}]) => [name, evaluated(value, values)])
  return {
    code,
    log,
    summary: readFileSync(runner.GITHUB_STEP_SUMMARY, 'utf8'),
    outputs: Object.fromEntries(outputs),
    used,
  }
}

/** The command line of the runner for `shell: bash`. */
function bash(script: string, cwd: string, env: Record<string, string>): Promise<{code: number; log: string}> {
  const child = spawn('bash', ['--noprofile', '--norc', '-eo', 'pipefail', script], {cwd, env})
  let log = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => (log += String(chunk)))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', code => resolve({code: code ?? 1, log}))
  })
}

/** `${{ name }}` in a text; a name that nothing sets is empty, as in the runner. */
function evaluated(text: string, values: ReadonlyMap<string, string>): string {
  return text.replace(/\$\{\{\s*([\w.-]+)\s*\}\}/g, (_, name: string) => values.get(name) ?? '')
}

/** The conditions that the action uses: comparisons of a name with a text, joined by `&&`. */
function isTrue(condition: string | undefined, values: ReadonlyMap<string, string>): boolean {
  if (condition === undefined) return true
  return condition
    .replace(/^\$\{\{(.*)\}\}$/, '$1')
    .split('&&')
    .every(part => {
      const [, name = '', operator, text] = /^\s*([\w.-]+)\s*(==|!=)\s*'([^']*)'\s*$/.exec(part) ?? []
      if (operator === undefined) throw new Error(`a condition that is not known here: ${part}`)
      return ((values.get(name) ?? '') === text) === (operator === '==')
    })
}
