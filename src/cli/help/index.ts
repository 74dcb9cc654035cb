import type {UsageError} from '../../model/errors.js'
import {typed} from '../command-names.js'
import {unknownCommand} from '../unknown-command.js'
import {commandPage} from './command.js'
import {groupPage, groupsOf, type HelpedCommands, overviewPage} from './overview.js'
import {pageCanvas} from './page.js'
import {topicNames, topicPage} from './topics.js'

/**
 * Prints what is asked about: nothing, a command, the first word of several, or a topic.
 * @param words `db update`, as on the command line, without `help`
 * @throws {UsageError} for anything else, with what may have been meant
 */
export async function showHelp(words: readonly string[], all: HelpedCommands): Promise<void> {
  const lines = await pageOf(words, all)
  process.stdout.write(`${lines.join('\n')}\n`)
}

async function pageOf(words: readonly string[], all: HelpedCommands): Promise<readonly string[]> {
  const canvas = pageCanvas()
  const [first, second] = words
  if (first === undefined) return overviewPage(all, canvas)
  const id = [`${first}:${second}`, first].find(one => Object.hasOwn(all, one))
  const command = id === undefined ? undefined : all[id]
  if (id !== undefined && command !== undefined) return commandPage(typed(id), command, canvas)
  if (second === undefined && groupsOf(Object.keys(all)).includes(first)) return groupPage(first, all, canvas)
  const page = await topicPage(first, canvas)
  if (page !== null) return page
  throw unknownTopic(words, all)
}

function unknownTopic(words: readonly string[], all: HelpedCommands): UsageError {
  return unknownCommand(words, Object.keys(all).map(typed), topicNames)
}
