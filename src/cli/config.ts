import {writeFileSync} from 'node:fs'
import {count, visible} from '../model/text.js'
import {checkConfig} from '../policy/config/index.js'
import {ConfigError} from '../policy/error.js'
import {configNames, findConfig, readConfigFile} from './config-file.js'
import {configTemplate} from './config-template.js'
import {exitCodes, marked} from './errors.js'
import {ownVocabulary} from './vocabulary.js'

/** Problems that are printed before the rest is only counted. */
const problemsShown = 50

/**
 * `piton config init`: writes a configuration with everything that may stand in it.
 * @throws {ConfigError} CONFIG_EXISTS where there is one: it is never overwritten
 */
export function initConfig(asked: string | undefined): void {
  const file = asked ?? findConfig(undefined) ?? configNames[0]
  try {
    writeFileSync(file, configTemplate, {flag: 'wx'})
  } catch (cause) {
    const {code, message} = cause as NodeJS.ErrnoException
    if (code === 'EEXIST') {
      const hint = 'Edit it, or remove it first. piton config check looks at it.'
      throw new ConfigError('CONFIG_EXISTS', `${file} is there already`, {hint, cause})
    }
    throw new ConfigError('CONFIG_UNWRITABLE', `cannot write ${file}: ${code ?? message}`, {
      hint: 'Check the folder and its permissions.',
      cause,
    })
  }
  process.stdout.write(`Wrote ${visible(file)}. Next: piton scan TARGET\n`)
}

/**
 * `piton config check`: says everything that is wrong, and the exit code.
 * @throws {ConfigError} CONFIG_NOT_FOUND where there is none
 */
export async function checkConfigFile(asked: string | undefined): Promise<number> {
  const file = findConfig(asked)
  if (file === null) {
    throw new ConfigError('CONFIG_NOT_FOUND', 'there is no .piton.yaml in this folder', {
      hint: 'piton config init writes one; --config FILE names another.',
    })
  }
  const {places, document, problems} = await checkConfig(readConfigFile(file), file, await ownVocabulary())
  if (document !== null) {
    const {ignore, profiles, flags, rules, paths} = document
    const parts = [
      count(flags.size, 'setting'),
      count(rules.size + paths.length, 'severity', 'severities'),
      count(ignore.length, 'ignore'),
      ...(profiles.size > 0 ? [`${count(profiles.size, 'profile')} (${[...profiles.keys()].join(', ')})`] : []),
    ]
    process.stdout.write(`${visible(`${file} is in order: ${parts.join(', ')}.`)}\n`)
    return exitCodes.done
  }
  for (const problem of problems.slice(0, problemsShown)) {
    const {message, hint, excerpt} = places.error(problem)
    const words = hint === undefined ? message : `${message}. ${hint}`
    process.stderr.write(`piton: ${visible(words)}\n${excerpt === undefined ? '' : marked(excerpt)}`)
  }
  const left = problems.length - problemsShown
  if (left > 0) process.stderr.write(`piton: and ${count(left, 'more problem')}\n`)
  return exitCodes.failed
}
