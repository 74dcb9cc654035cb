/** Programs that show links, by what they call themselves in TERM_PROGRAM, and since when. */
const programs: Readonly<Record<string, string>> = {
  ghostty: '0',
  'iTerm.app': '3.1',
  rio: '0',
  Tabby: '0',
  vscode: '1.72',
  WezTerm: '20200620',
  zed: '0',
}

/** As above, in TERM. */
const terms = /^(?:alacritty|foot|xterm-ghostty|xterm-kitty|wezterm)(?:-|$)/

/**
 * Does the terminal behind these variables show OSC 8 links? Others show nothing of them, or rubbish: only those that
 * are known to are trusted.
 * @see https://github.com/Alhadis/OSC8-Adoption
 */
export function showsLinks(env: NodeJS.ProcessEnv): boolean {
  const {TERM = '', TERM_PROGRAM = '', TERM_PROGRAM_VERSION = '', VTE_VERSION = ''} = env
  if (env['CI'] !== undefined || env['TEAMCITY_VERSION'] !== undefined) return false
  if (env['WT_SESSION'] !== undefined || env['DOMTERM'] !== undefined || terms.test(TERM)) return true
  if (/^\d{4,}$/.test(VTE_VERSION)) return Number(VTE_VERSION) > firstVTE
  const since = Object.hasOwn(programs, TERM_PROGRAM) ? programs[TERM_PROGRAM] : undefined
  return since !== undefined && reaches(TERM_PROGRAM_VERSION, since)
}

/** 0.50.0 itself crashed on them. */
const firstVTE = 5000

/** Is the first version, of numbers and dots, the second or a later one? */
function reaches(version: string, least: string): boolean {
  const [have, want] = [version, least].map(text => text.split(/[.-]/).map(part => Number.parseInt(part, 10) || 0))
  for (const [index, number] of (want ?? []).entries()) {
    const other = have?.[index] ?? 0
    if (other !== number) return other > number
  }
  return true
}
