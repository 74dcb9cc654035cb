/** Takes no column of its own: marks that sit on the letter before them. */
const combining = /\p{Mn}|\p{Me}/u
/** Takes two columns on a terminal: East Asian wide and fullwidth letters, and pictures. */
const wide =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\p{Emoji_Presentation}\u3000-\u303f\uff01-\uff60\uffe0-\uffe6]/u

function widthOf(character: string): number {
  if (combining.test(character)) return 0
  return wide.test(character) ? 2 : 1
}

/** Columns that a text takes on a terminal. The text has been through `visible`. */
export function columnsOf(text: string): number {
  if (isASCII(text)) return text.length
  let columns = 0
  for (const character of text) columns += widthOf(character)
  return columns
}

/** The text if it fits, else as much of it as does and an ellipsis. */
export function clip(text: string, columns: number): string {
  if (text.length <= columns && isASCII(text)) return text
  let used = 0
  let end = 0
  let cut = 0
  // A letter may carry thousands of marks that take no column: they are bounded with it.
  for (const character of text.slice(0, columns * 4 + 1)) {
    used += widthOf(character)
    if (used > columns) return `${text.slice(0, cut)}…`
    end += character.length
    if (used < columns) cut = end
  }
  return end === text.length ? text : `${text.slice(0, cut)}…`
}

/** As {@link clip}, but what is cut is the beginning. */
export function clipStart(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text
  const kept: string[] = []
  let used = 1
  // As above: marks without a column are bounded with the letters that carry them.
  for (const character of [...text.slice(-columns * 4)].reverse()) {
    used += widthOf(character)
    if (used > columns) break
    kept.push(character)
  }
  return `…${kept.reverse().join('')}`
}

/** Cut or filled to exactly this many columns. */
export function cell(text: string, columns: number, align: 'left' | 'right' = 'left'): string {
  const clipped = clip(text, columns)
  const fill = ' '.repeat(Math.max(0, columns - columnsOf(clipped)))
  return align === 'left' ? clipped + fill : fill + clipped
}

/** Lines of at most `columns`, broken at blanks. A word that is longer stays whole: it may be there to be copied. */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    const joined = line === '' ? word : `${line} ${word}`
    if (line === '' || columnsOf(joined) <= columns) {
      line = joined
    } else {
      lines.push(line)
      line = word
    }
  }
  return [...lines, line]
}

function isASCII(text: string): boolean {
  return !/[^ -~]/.test(text)
}
