/** Alpine's package for each program that scripts name in their first line. */
export const interpreterPackages: ReadonlyMap<string, string> = new Map([
  ['awk', 'gawk'],
  ['bash', 'bash'],
  ['csh', 'tcsh'],
  ['dash', 'dash'],
  ['execlineb', 'execline'],
  ['expect', 'expect'],
  ['fish', 'fish'],
  ['gawk', 'gawk'],
  ['guile', 'guile'],
  ['lua', 'lua5.1'],
  ['lua5.4', 'lua5.4'],
  ['make', 'make'],
  ['mksh', 'mksh'],
  ['nft', 'nftables'],
  ['node', 'nodejs'],
  ['openrc-run', 'openrc'],
  ['perl', 'perl'],
  ['python', 'python3'],
  ['python3', 'python3'],
  ['Rscript', 'R'],
  ['ruby', 'ruby'],
  ['sed', 'sed'],
  ['sh', 'busybox-binsh'],
  ['tclsh', 'tcl'],
  ['tcsh', 'tcsh'],
  ['wish', 'tk'],
  ['zsh', 'zsh'],
])

/** The package of a path or command: `/usr/bin/python3.11` is python3; null where none is known. */
export function packageOfInterpreter(program: string): string | null {
  const base = program.slice(program.lastIndexOf('/') + 1)
  const exact = interpreterPackages.get(base)
  if (exact !== undefined) return exact
  return /^python3\.\d+$/.test(base) ? 'python3' : /^perl5[\d.]*$/.test(base) ? 'perl' : null
}
