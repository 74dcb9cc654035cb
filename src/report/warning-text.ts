import type {Warning} from '../model/warning.js'

/** A warning as one sentence of raw text, with the path that it is about. */
export function warningText({message, path}: Pick<Warning, 'message' | 'path'>): string {
  return path === undefined || message.includes(path) ? message : `${path}: ${message}`
}
