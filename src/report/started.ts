import type {Loaded} from '../model/loaded.js'
import {count, shorten} from '../model/text.js'

const commandLength = 100

/** `docker-entrypoint.sh nginx: usr/sbin/nginx loads 12 files of 9 packages`, and what could not be followed. Raw text. */
export function startedText({command, program, files, packages, reason}: Loaded): string {
  const what = shorten(command.map(wordText).join(' '), commandLength)
  const loads =
    program === null || files.length === 0
      ? null
      : `${program} loads ${count(files.length, 'file')} of ${count(packages.length, 'package')}`
  const limit = reason === null ? null : `not all can be told: ${reason}`
  return [what, [loads, limit].filter(part => part !== null).join('; ')].filter(part => part !== '').join(': ')
}

function wordText(word: string): string {
  return word === '' || /[\s"'$]/.test(word) ? JSON.stringify(word) : word
}
