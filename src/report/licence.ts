/** What `L:` of the installed database says. */
export type Licence =
  | {readonly kind: 'none'}
  /** On the SPDX list: `MIT`. */
  | {readonly kind: 'id'; readonly id: string}
  | {readonly kind: 'expression'; readonly expression: string}
  /** What older packages have: `GPL2 LGPL2+`, `custom`. */
  | {readonly kind: 'text'; readonly text: string}

/** Reads the text of a licence field. */
export type ReadLicence = (text: string) => Licence

/** The longest real ones have 300 characters; the parser recurses, and reads a long text again for each word. */
const expressionLength = 1000

/** Loads the SPDX list and its grammar: only bills of materials pay for it. Packages share licences: each is read once. */
export async function licenceReader(): Promise<ReadLicence> {
  const {default: parse} = await import('spdx-expression-parse')
  const known = new Map<string, Licence>()
  return text => {
    const licence = known.get(text) ?? read(text.trim(), parse)
    known.set(text, licence)
    return licence
  }
}

function read(text: string, parse: (source: string) => object): Licence {
  if (text === '') return {kind: 'none'}
  // What such a reference means stands in a document that nobody has.
  if (text.length > expressionLength || /Ref-/i.test(text)) return {kind: 'text', text}
  try {
    const parsed = parse(text)
    if ('license' in parsed && parsed.license === text) return {kind: 'id', id: text}
    return {kind: 'expression', expression: canonical(text)}
  } catch {
    return {kind: 'text', text}
  }
}

/** SPDX 2.3, annex D: operators are in upper case. */
function canonical(expression: string): string {
  return expression.replace(/\s+/g, ' ').replace(/(?<=[ )])(?:and|or|with)(?=[ (])/gi, word => word.toUpperCase())
}
