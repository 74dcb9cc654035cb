import {execFileSync} from 'node:child_process'
import {chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {createRequire} from 'node:module'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

/** Off unless asked for, even with `--rule-kind Ghas`. GH1004 is left out: its limits are those of 2020. */
const extraRules = [
  'GH1001.ProvideRequiredLocationProperties',
  'GH1002.InlineThreadFlowLocations',
  'GH1003.ProvideRequiredRegionProperties',
  'GH1005.LocationsMustBeRelativeUrisOrFilePaths',
  'GH1006.ProvideCheckoutPath',
  'GH1007.ProvideFullyFormattedMessageStrings',
]

const config = `<?xml version="1.0" encoding="utf-8"?>
<Properties>
${extraRules
  .map(rule => `<Properties Key="${rule}.Options"><Property Key="RuleEnabled" Value="Error"/></Properties>`)
  .join('\n')}
</Properties>
`

/** What Microsoft's validator says of a SARIF text: `SARIF2001 warning: …` for each error and warning. */
export function validateSARIF(sarif: string): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'piton-sarif-'))
  try {
    const [input, output, settings] = ['in.sarif', 'out.sarif', 'config.xml'].map(name => join(folder, name))
    if (!input || !output || !settings) return []
    writeFileSync(input, sarif)
    writeFileSync(settings, config)
    const flags = ['--rule-kind', 'Sarif;Ghas', '-c', settings, '-o', output, '--log', 'ForceOverwrite']
    execFileSync(binary(), ['validate', input, ...flags], {
      stdio: 'pipe',
      // The package holds no ICU library, and a slim container has none either.
      env: {...process.env, DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: '1'},
    })
    return problemsOf(readFileSync(output, 'utf8'))
  } finally {
    rmSync(folder, {recursive: true, force: true})
  }
}

/** The exit code is 0 even with errors: what counts is the file that it writes. */
function problemsOf(text: string): string[] {
  const {runs}: {runs: ValidatorRun[]} = JSON.parse(text)
  return runs.flatMap(({results = [], invocations = []}) => [
    ...results.map(({ruleId, level = 'warning', message}) => `${ruleId} ${level}: ${JSON.stringify(message)}`),
    ...invocations.flatMap(({toolExecutionNotifications = []}) =>
      toolExecutionNotifications
        .filter(({level}) => level === 'error')
        .map(({message}) => `notification error: ${message.text}`),
    ),
  ])
}

interface ValidatorRun {
  readonly results?: readonly {readonly ruleId: string; readonly level?: string; readonly message: unknown}[]
  readonly invocations?: readonly {
    readonly toolExecutionNotifications?: readonly {readonly level: string; readonly message: {readonly text: string}}[]
  }[]
}

/** npm runs no install script here, so the program may lack its execute bit. */
function binary(): string {
  const path: unknown = createRequire(import.meta.url)('@microsoft/sarif-multitool')
  if (typeof path !== 'string') throw new TypeError('sarif-multitool has no binary for this machine')
  chmodSync(path, 0o755)
  return path
}
