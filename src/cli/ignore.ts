import {chmodSync, realpathSync, renameSync, rmSync, statSync, writeFileSync} from 'node:fs'
import {basename, dirname, join} from 'node:path'
import {parseDay} from '../model/day.js'
import {UsageError} from '../model/errors.js'
import {visible} from '../model/text.js'
import {addIgnore, type NewIgnore} from '../policy/config/add-ignore.js'
import {type CheckedConfig, checkConfig, type Vocabulary} from '../policy/config/index.js'
import {checkRuleID} from '../policy/config/rule-id.js'
import {ConfigError} from '../policy/error.js'
import {configNames, findConfig, readConfigFile} from './config-file.js'
import {schemaLine} from './config-template.js'
import {cveForm} from './suggest.js'
import {today} from './today.js'
import {ownVocabulary} from './vocabulary.js'

/** `piton ignore ID`: adds an ignore to the configuration, and leaves everything else in it as it is. */
export async function ignore(asked: NewIgnore, configFile: string | undefined): Promise<void> {
  const vocabulary = await ownVocabulary()
  const entry = {...asked, rule: cveForm(asked.rule) ?? asked.rule.trim()}
  refuse(entry, vocabulary)
  const found = findConfig(configFile === '' ? undefined : configFile, true)
  const file = found ?? configFile ?? configNames[0]
  const bytes = found === null ? Buffer.from(`${schemaLine}\n`) : readConfigFile(file)
  const before = await inOrder(bytes, file, vocabulary)
  refuseTwin(before, entry)
  const text = await addIgnore(before.places.text, entry)
  const after = text === null ? null : await inOrder(Buffer.from(text), file, vocabulary)
  if (text === null || after === null || !isOneMore(before, after)) {
    throw new ConfigError('CONFIG_INVALID', `${file} has a form that leaves no place for one more ignore`, {
      hint: `Write it yourself: ${JSON.stringify({rule: entry.rule, reason: entry.reason})}.`,
    })
  }
  write(file, text, found !== null)
  const until = entry.expires === '' ? '' : ` until ${entry.expires}`
  process.stdout.write(`${visible(`Added to ${lineOf(before, after) ?? file}: ${entry.rule} is ignored${until}.`)}\n`)
}

function refuse(entry: NewIgnore, vocabulary: Vocabulary): void {
  checkRuleID(entry.rule, vocabulary.rules)
  if (entry.reason.trim() === '') {
    throw new UsageError('USAGE', '--reason says nothing', {
      hint: 'Say why it does not matter here: a person will ask.',
    })
  }
  if (entry.expires !== '' && parseDay(entry.expires, '--expires') < today()) {
    throw new UsageError('USAGE', `--expires ${entry.expires} is over already`, {hint: 'Give a day that is to come.'})
  }
}

/** The same choice with another reason would be a second entry for one decision. */
function refuseTwin({document, places}: CheckedConfig, entry: NewIgnore): void {
  const chosen = (lists: readonly (readonly string[])[]) => JSON.stringify(lists.map(list => [...list].sort()))
  const names = [...entry.symbol, ...entry.library]
  const wanted = chosen([[entry.rule.toLowerCase()], entry.package, entry.path, names, entry.image])
  const twin = document?.ignore.find(({rules, packages, paths, names, images}) => {
    const patterns = paths.map(({pattern}) => pattern)
    return chosen([rules.map(id => id.toLowerCase()), packages, patterns, names, images]) === wanted
  })
  if (twin === undefined) return
  throw new ConfigError('CONFIG_EXISTS', `${places.at(twin.start)} ignores ${entry.rule} already`, {
    hint: 'Edit its reason or its day there.',
  })
}

async function inOrder(bytes: Uint8Array, file: string, vocabulary: Vocabulary): Promise<CheckedConfig> {
  const checked = await checkConfig(bytes, file, vocabulary)
  const [first] = checked.problems
  if (first !== undefined) throw checked.places.error(first, checked.problems.length - 1)
  return checked
}

/** Entries as what they say, without where they stand. */
function entriesOf({document}: CheckedConfig): readonly string[] {
  return (document?.ignore ?? []).map(({start, paths, ...entry}) => {
    return JSON.stringify([entry, paths.map(({pattern}) => pattern)])
  })
}

/** Is the new text the old one, and one entry more? A mistake here must not become somebody's gate. */
function isOneMore(before: CheckedConfig, after: CheckedConfig): boolean {
  if (after.document === null || before.document === null) return false
  const counts = new Map<string, number>()
  for (const entry of entriesOf(after)) counts.set(entry, (counts.get(entry) ?? 0) + 1)
  for (const entry of entriesOf(before)) counts.set(entry, (counts.get(entry) ?? 0) - 1)
  const left = [...counts.values()].filter(number => number !== 0)
  const rest = ({document}: CheckedConfig) => {
    const {flags, rules, limits, paths, profiles} = document ?? {}
    return [[...(flags?.keys() ?? [])], rules?.size, limits?.size, paths?.length, profiles?.size].join()
  }
  return left.length === 1 && left[0] === 1 && rest(before) === rest(after)
}

/** `.piton.yaml:12` of the entry that was added. */
function lineOf(before: CheckedConfig, after: CheckedConfig): string | null {
  const old = entriesOf(before)
  const now = entriesOf(after)
  const index = now.findIndex((entry, n) => entry !== old[n])
  const added = after.document?.ignore[index]
  return added === undefined ? null : after.places.at(added.start)
}

/** In place of the old file at once: half of a configuration would be another one. */
function write(file: string, text: string, exists: boolean): void {
  const path = exists ? realpathSync(file) : file
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`)
  try {
    writeFileSync(temporary, text, {flag: 'wx'})
    if (exists) chmodSync(temporary, statSync(path).mode)
    renameSync(temporary, path)
  } catch (cause) {
    rmSync(temporary, {force: true})
    const {code, message} = cause as NodeJS.ErrnoException
    throw new ConfigError('CONFIG_UNWRITABLE', `cannot write ${file}: ${code ?? message}`, {
      hint: 'Check the folder and its permissions.',
      cause,
    })
  }
}
