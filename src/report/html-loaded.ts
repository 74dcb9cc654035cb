/** Whether what the image starts loads a finding's file or package, as rows and filters of the page call it, and as people read it. */
export const loadedLabels = {yes: 'loaded', no: 'not loaded', unknown: 'not known'} as const

export type LoadedWord = keyof typeof loadedLabels

export const loadedWords = Object.keys(loadedLabels) as readonly LoadedWord[]

export function loadedWord({loaded}: {readonly loaded: boolean | null}): LoadedWord {
  return loaded === null ? 'unknown' : loaded ? 'yes' : 'no'
}
