import type {RenderOptions} from '../model/report.js'

/** What standard output can show: https://no-color.org and FORCE_COLOR over what the stream says. */
export function terminalOptions(): RenderOptions {
  const {env, stdout} = process
  const forced = env['FORCE_COLOR'] !== undefined && env['FORCE_COLOR'] !== '0'
  const refused = (env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb'
  return {
    color: !refused && (forced || stdout.isTTY === true),
    width: stdout.columns || Number(env['COLUMNS']) || 100,
  }
}
