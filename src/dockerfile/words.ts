/**
 * Splits at blanks as the builder's lexer does: blanks that are quoted or escaped do not split. Quotes and escapes stay
 * in the words; a quote that nobody closes reaches to the end.
 */
export function splitWords(text: string, escapeMark: string): string[] {
  const words: string[] = []
  let start = -1
  let quote = ''
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at)
    if (quote === '' && isBlank(character)) {
      if (start >= 0) words.push(text.slice(start, at))
      start = -1
      continue
    }
    if (start < 0) start = at
    if (character === escapeMark && quote !== "'") at++
    else if (character === quote) quote = ''
    else if (quote === '' && (character === '"' || character === "'")) quote = character
  }
  if (start >= 0) words.push(text.slice(start))
  return words
}

/** Runs of blanks and line breaks as one space. */
export function collapseBlanks(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}

function isBlank(character: string): boolean {
  return character === ' ' || character === '\t' || character === '\n' || character === '\r'
}
