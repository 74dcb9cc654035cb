import type {Fix} from '../model/fix.js'

/** Lines around a change, as diff -u has them. */
const contextLines = 3

/** The edit as a unified diff that git and patch take, raw; '' where nothing changes. */
export async function fixPatch({file, before, after}: Pick<Fix, 'file' | 'before' | 'after'>): Promise<string> {
  if (before === after) return ''
  const {createTwoFilesPatch, FILE_HEADERS_ONLY} = await import('diff')
  const options = {context: contextLines, headerOptions: FILE_HEADERS_ONLY}
  return createTwoFilesPatch(`a/${file}`, `b/${file}`, before, after, undefined, undefined, options)
}
