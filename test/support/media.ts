import {createHash} from 'node:crypto'
import MarkdownIt from 'markdown-it'
import {type DefaultTreeAdapterMap, parse, parseFragment} from 'parse5'
import {SaxesParser} from 'saxes'

type Node = DefaultTreeAdapterMap['childNode']
type Parent = DefaultTreeAdapterMap['parentNode']
type Element = DefaultTreeAdapterMap['element']

/** An XML element as a reader of JUnit sees it. */
export interface XMLElement {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: XMLElement[]
  text: string
}

/** What a conforming parser reads; throws where the text is not well-formed XML 1.0. */
export function parseXML(text: string): XMLElement {
  const parser = new SaxesParser()
  const root: XMLElement = {name: '', attributes: {}, children: [], text: ''}
  const open = [root]
  parser.on('error', error => {
    throw error
  })
  parser.on('opentag', ({name, attributes}) => {
    const element: XMLElement = {name, attributes: attributes as Record<string, string>, children: [], text: ''}
    open.at(-1)?.children.push(element)
    open.push(element)
  })
  parser.on('text', part => {
    const element = open.at(-1)
    if (element) element.text += part
  })
  parser.on('closetag', () => open.pop())
  parser.write(text).close()
  const [document] = root.children
  if (document === undefined) throw new Error('no element')
  return document
}

export interface Command {
  readonly command: string
  readonly properties: Readonly<Record<string, string>>
  readonly message: string
}

/** Reads workflow commands as the runner does: actions/runner, src/Runner.Common/ActionCommand.cs. */
export function parseCommands(text: string): Command[] {
  return text
    .trimEnd()
    .split('\n')
    .map(line => {
      const parsed = /^::(\w+) ([^:]*)::(.*)$/.exec(line)
      if (parsed === null) throw new Error(`not a command: ${line}`)
      const [, command = '', properties = '', message = ''] = parsed
      const pairs = properties.split(',').map(pair => {
        const equals = pair.indexOf('=')
        return [
          pair.slice(0, equals),
          unescaped(pair.slice(equals + 1))
            .replaceAll('%3A', ':')
            .replaceAll('%2C', ','),
        ]
      })
      return {command, properties: Object.fromEntries(pairs), message: unescaped(message)}
    })
}

function unescaped(text: string): string {
  return text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%')
}

/** Every element of a page or piece of HTML, with the text nodes that stand in it. */
export function elementsOf(parent: Parent): Element[] {
  const found = parent.childNodes.filter((node): node is Element => 'tagName' in node)
  return found.flatMap(element => [element, ...elementsOf(element)])
}

export function textOf(node: Node | Parent): string {
  if ('value' in node) return node.value
  return 'childNodes' in node ? node.childNodes.map(textOf).join('') : ''
}

/** A page as a browser reads it; throws at the first thing that is not valid HTML. */
export function parsePage(text: string) {
  const errors: string[] = []
  const page = parse(text, {
    sourceCodeLocationInfo: true,
    onParseError: ({code, startLine}) => errors.push(`${code} in line ${startLine}`),
  })
  if (errors.length > 0) throw new Error(errors.join(', '))
  return page
}

const pageTags =
  'html head meta title style script body header p h1 h2 h3 dl dt dd div strong a svg rect section ol ul li pre code aside label input fieldset legend span select option output button main details summary table thead tbody tr th td footer'
const pageAttributes =
  'lang charset http-equiv content name class id href rel aria-hidden x width height for type placeholder autocomplete checked hidden value open data-severity data-family data-packages data-layers data-bases data-loaded'

/** Throws where a page holds more than piton puts into it, or lets more run than its own script and style. */
export function checkPage(text: string): void {
  const elements = elementsOf(parsePage(text))
  const tags = new Set(pageTags.split(' '))
  const attributes = new Set(pageAttributes.split(' '))
  for (const {tagName, attrs} of elements) {
    if (!tags.has(tagName)) throw new Error(`element ${tagName}`)
    for (const {name, value} of attrs) {
      if (!attributes.has(name)) throw new Error(`attribute ${name} of ${tagName}`)
      if (name === 'href' && !/^(?:https:\/\/[\w.-]+(?:\/|$)|#warnings$)/.test(value))
        throw new Error(`link to ${value}`)
    }
  }
  const policy = elements.find(({attrs}) => attrs.some(({value}) => value === 'Content-Security-Policy'))
  const content = policy?.attrs.find(({name}) => name === 'content')?.value ?? ''
  if (!content.startsWith("default-src 'none'; ") || content.includes('unsafe')) throw new Error(`policy ${content}`)
  for (const name of ['script', 'style']) {
    const [element, ...more] = elements.filter(({tagName}) => tagName === name)
    if (element === undefined || more.length > 0) throw new Error(`${more.length + 1} elements ${name}`)
    const hash = createHash('sha256').update(textOf(element)).digest('base64')
    if (!content.includes(`${name}-src 'sha256-${hash}'`)) throw new Error(`the policy forbids the ${name}`)
  }
}

const commentTags = 'h2 h3 p br strong code pre table thead tbody tr th td details summary ul li a blockquote'

/** Renders a comment as GitHub does; throws where it would have something unsafe to take out, or somebody to notify. */
export function checkComment(text: string): void {
  if (text.length > 65_536) throw new Error(`${text.length} characters`)
  const markdown = new MarkdownIt({html: true, linkify: true})
  markdown.linkify.set({fuzzyLink: false, fuzzyEmail: false})
  const elements = elementsOf(parseFragment(markdown.render(text)))
  const tags = new Set(commentTags.split(' '))
  for (const {tagName, attrs, childNodes} of elements) {
    if (!tags.has(tagName)) throw new Error(`element ${tagName}`)
    for (const {name, value} of attrs) {
      const isOurs = name === 'href' ? value.startsWith('https://security.alpinelinux.org/vuln/CVE-') : name === 'class'
      if (!isOurs) throw new Error(`${name}="${value}"`)
    }
    if (tagName === 'code' || tagName === 'pre') continue
    const loose = childNodes.filter(node => node.nodeName === '#text').map(textOf)
    if (loose.some(part => /[@#]\w/.test(part))) throw new Error(`a reference in ${loose.join('')}`)
  }
  const columns = elements.filter(({tagName}) => tagName === 'tr').map(row => elementsOf(row).filter(isCell).length)
  if (columns.some(number => number !== 4)) throw new Error(`rows of ${columns.join(', ')} cells`)
}

function isCell({tagName}: Element): boolean {
  return tagName === 'td' || tagName === 'th'
}

/** Reads a report back in its own medium; throws where it is not what it should be. The table has no grammar. */
export const readers: ReadonlyMap<string, (text: string) => unknown> = new Map<string, (text: string) => unknown>([
  ['json', JSON.parse],
  ['openvex', JSON.parse],
  ['sarif', JSON.parse],
  ['cyclonedx', JSON.parse],
  ['spdx', JSON.parse],
  ['junit', parseXML],
  ['github', parseCommands],
  ['html', checkPage],
  ['markdown', checkComment],
  ['table', () => undefined],
])
