import type {ElfFacts} from '../../model/elf.js'
import type {Check} from '../../model/verdict.js'
import {no, notApplicable, ofLoadable, ofPart, unknown, yes} from './verdicts.js'

/** What the checks may ask about the image that a file is in. */
export interface ImageView {
  /** Path of the file in the image, no leading slash; `$ORIGIN` is its folder. */
  readonly path: string
  /**
   * May someone other than root put files there, by the modes in the image?
   * @param folder absolute and normalised: `/opt/app/lib`
   */
  folder(folder: string): 'safe' | 'writable' | 'missing'
}

/** Folders that any user may create files in, on any system. */
const worldWritable = ['/tmp', '/var/tmp', '/dev/shm', '/run/lock', '/var/lock', '/run/user']
/** Folders of one person: what is built there leaves its path behind. */
const personal = ['/home', '/Users']
/** Where the system's own libraries are, whether or not this image has the folder. */
const system = /^\/(usr\/(local\/)?)?lib(32|64|x32|exec)?(\/|$)/

const origin = /^\$(ORIGIN|\{ORIGIN\})(?=\/|$)/

/** Does every folder that DT_RPATH or DT_RUNPATH adds belong to the administrator? */
export function checkRunPath(
  elf: Pick<ElfFacts, 'header' | 'type' | 'segments' | 'dynamic'>,
  image?: ImageView,
): Check {
  return ofLoadable(elf, () =>
    ofPart(elf.dynamic, dynamic => {
      if (dynamic === null) return notApplicable('static, without a dynamic section: it loads no libraries')
      // DT_RUNPATH replaces DT_RPATH.
      const name = dynamic.runpath === null ? 'DT_RPATH' : 'DT_RUNPATH'
      const elements = dynamic.runpath ?? dynamic.rpath
      if (elements === null) {
        return dynamic.unreadNames > 0 ? unknown('a name of the dynamic section cannot be read') : yes('no run path')
      }
      const problems = elements.flatMap(element => {
        const problem = problemOf(element, image)
        return problem === null ? [] : `${JSON.stringify(element)} ${problem}`
      })
      const value = elements.join(':')
      return {...(problems.length > 0 ? no(`${name}: ${problems.join('; ')}`) : yes(`${name} ${value}`)), value}
    }),
  )
}

function problemOf(element: string, image: ImageView | undefined): string | null {
  if (element === '') return 'is empty, which is the working folder of whoever starts it'
  const token = origin.exec(element)
  if (token === null && !element.startsWith('/')) {
    return element.startsWith('$') ? null : 'is relative to the working folder of whoever starts it'
  }
  const folder = token === null ? element : fromOrigin(element.slice(token[0].length), image)
  if (folder === null) return null
  const {path, escapes} = normalise(folder)
  if (escapes) return 'climbs out of the image'
  const owner = [...worldWritable, ...personal].find(place => path === place || path.startsWith(`${place}/`))
  if (owner !== undefined) return `is in ${owner}, where other users may write`
  const state = image?.folder(path) ?? 'safe'
  if (state === 'writable') return 'may be written to by others than root'
  // The file's own surroundings are as trustworthy as the file, and a package may bring a system folder.
  const expected = token !== null || system.test(path)
  return state === 'missing' && !expected ? 'does not exist: whoever can make it decides what is loaded' : null
}

/** The folder that `$ORIGIN` and `rest` name; null where the file's own place is not known. */
function fromOrigin(rest: string, image: ImageView | undefined): string | null {
  if (image === undefined) return null
  return `/${image.path.slice(0, Math.max(0, image.path.lastIndexOf('/')))}/${rest}`
}

/** `path` without `.`, `..` and empty components. */
function normalise(path: string): {readonly path: string; readonly escapes: boolean} {
  const kept: string[] = []
  let escapes = false
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue
    if (part !== '..') kept.push(part)
    else if (kept.pop() === undefined) escapes = true
  }
  return {path: `/${kept.join('/')}`, escapes}
}
