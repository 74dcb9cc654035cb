import type {ElfFile} from '../../model/facts.js'
import type {Rule} from '../../model/rule.js'

/** Makes no finding of its own: the other rules of this folder raise theirs by one, and name this one. */
export const setuidHardening: Rule = {
  id: 'PT2009',
  name: 'SetuidHardening',
  title: 'Hardening that a setuid or setgid program lacks',
  severity: 'high',
  family: 'hardening',
  help: {
    why:
      'A setuid or setgid program, and one with file capabilities, runs with more rights than the user who starts it, and ' +
      'that user chooses its arguments, environment and input. A flaw in it gives those rights away. What another rule ' +
      'finds missing in such a file is therefore one step worse: medium becomes high. A note stays a note.',
    fix:
      'Build it with what the finding names. Where nobody in the container needs the rights, take them away: ' +
      '`chmod u-s,g-s FILE`, `setcap -r FILE`.',
    links: ['https://man7.org/linux/man-pages/man7/capabilities.7.html'],
  },
  check: () => [],
}

const setuid = 0o4000
const setgid = 0o2000

/** What gives a file more rights than its user has; null where nothing does. */
export function privilegeOf({
  mode,
  hasCapabilities,
}: ElfFile): {readonly what: string; readonly evidence: string} | null {
  const evidence = `mode ${mode.toString(8).padStart(4, '0')}`
  if ((mode & setuid) !== 0) return {what: 'is setuid', evidence}
  if ((mode & setgid) !== 0) return {what: 'is setgid', evidence}
  return hasCapabilities ? {what: 'has file capabilities', evidence: 'security.capability'} : null
}
