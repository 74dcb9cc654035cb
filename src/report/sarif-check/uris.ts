import {grouped} from '../../model/text.js'
import {limits} from './limits.js'
import {type Problems, quoted} from './problems.js'
import {field} from './read.js'

/** Said of a path that is absolute on the machine that scanned: GitHub must be told where the checkout was. */
export const fileURICode = 'SARIF_FILE_URI'

/** RFC 3986, 3.1; `C:` of Windows too. */
const scheme = /^[A-Za-z][A-Za-z0-9+.-]*:/
/** What may stand in a URI unencoded (RFC 3986, 2), percent signs only before two digits. */
const characters = /^(?:[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*$/

/**
 * Checks where an alert would stand: a path relative to the root of the repository, as RFC 3986 writes one.
 * @param artifactLocation the object that holds the URI, or anything
 * @param path of that object in the file
 */
export function checkArtifactLocation(artifactLocation: unknown, path: string, problems: Problems): void {
  const uri = field(artifactLocation, 'uri')
  const where = `${path}.uri`
  if (uri === undefined || uri === null || uri === '') {
    problems.error(
      'SARIF_NO_URI',
      where,
      'there is none, or an empty one; GitHub rejects a file with a location that names no file',
    )
  } else if (typeof uri !== 'string')
    problems.error('SARIF_WRONG_TYPE', where, `is ${quoted(uri)} where a text belongs`)
  else if (uri.length > limits.uriCharacters) {
    problems.error('SARIF_BAD_URI', where, `has ${grouped(uri.length)} characters, which no path has`)
  } else checkURI(uri, where, problems)
}

function checkURI(uri: string, where: string, problems: Problems): void {
  const named = quoted(uri)
  if (uri.includes('\\')) {
    problems.error('SARIF_BAD_URI', where, `${named} has backslashes; the parts of a path are separated by /`)
  } else if (/^file:/i.test(uri)) {
    problems.warning(
      fileURICode,
      where,
      `${named} is a path of the machine that scanned; GitHub finds the file only below the checkout, and a path that ` +
        'changes makes each alert a new one: give the path from the root of the repository',
    )
  } else if (scheme.test(uri)) {
    problems.error(
      'SARIF_URI_SCHEME',
      where,
      `${named} begins with '${scheme.exec(uri)?.[0] ?? ''}', which is read as a scheme; GitHub takes paths relative to the repository`,
    )
  } else if (uri.startsWith('/')) {
    problems.error(
      'SARIF_ABSOLUTE_URI',
      where,
      `${named} is absolute; give the path from the root of the repository, without a leading /`,
    )
  } else if (/^[^/]*:/.test(uri)) {
    problems.error(
      'SARIF_URI_COLON',
      where,
      `${named} has a colon in its first part, which is no URI; write it as ./… or %3A`,
    )
  }
  if (!uri.includes('\\')) checkCharacters(uri, where, problems)
  checkSegments(uri, where, problems)
}

function checkCharacters(uri: string, where: string, problems: Problems): void {
  if (!characters.test(uri)) {
    const odd = uri.includes(' ') ? 'a space' : 'characters'
    problems.error('SARIF_BAD_URI', where, `${quoted(uri)} has ${odd} that must be percent-encoded (a space is %20)`)
  } else if (/[?#]/.test(uri)) {
    problems.warning('SARIF_URI_QUERY', where, `${quoted(uri)} has ? or #, which end the path; write %3F or %23`)
  }
}

function checkSegments(uri: string, where: string, problems: Problems): void {
  if (/(?:^|\/)\.\.(?:\/|$)/.test(uri)) {
    problems.error(
      'SARIF_URI_PARENT',
      where,
      `${quoted(uri)} leads out of its folder with '..'; no file is found there`,
    )
  }
  if (/[^/:]\/\//.test(uri)) {
    problems.warning('SARIF_URI_EMPTY_PART', where, `${quoted(uri)} has '//'; GitHub then shows no code`)
  }
}
