import type {RenderOptions} from '../model/report.js'
import {showsLinks} from './terminal-links.js'

/**
 * What standard output can show. NO_COLOR (https://no-color.org) goes before FORCE_COLOR (https://force-color.org), that
 * before what the stream and TERM say.
 */
export function terminalOptions(
  env: NodeJS.ProcessEnv = process.env,
  stdout: Pick<NodeJS.WriteStream, 'isTTY' | 'columns'> = process.stdout,
): RenderOptions {
  const refused = (env['NO_COLOR'] ?? '') !== ''
  const forced = forcedBy(env['FORCE_COLOR'])
  const usual = stdout.isTTY === true && env['TERM'] !== 'dumb'
  const color = !refused && (forced ?? usual)
  return {
    color,
    links: forcedBy(env['FORCE_HYPERLINK']) ?? (usual && color && showsLinks(env)),
    width: stdout.columns || Number(env['COLUMNS']) || 100,
  }
}

/** A variable that forces something, or forbids it; null where it is not set, or empty. */
function forcedBy(value: string | undefined): boolean | null {
  if (value === undefined || value === '') return null
  return value !== '0' && value.toLowerCase() !== 'false'
}

/** Can a line that was written be written anew? */
export function rewritesLines(
  stream: Pick<NodeJS.WriteStream, 'isTTY'>,
  env: NodeJS.ProcessEnv = process.env,
): boolean {
  return stream.isTTY === true && env['TERM'] !== 'dumb'
}
