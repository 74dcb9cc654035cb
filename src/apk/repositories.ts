import {limits} from '../model/limits.js'
import type {Repository} from '../model/package.js'

/**
 * Reads `etc/apk/repositories` or a `repositories.d/*.list`, in the syntax of apk-tools 2 (`@tag url`) and 3
 * (`v3 @tag url main community`, `set mirror=…`). A line with components stands for several repositories.
 * @param variables what `set` lines of earlier files defined; those of this file are added
 * @see apk-repositories(5)
 */
export function parseRepositories(text: string, path: string, variables = new Map<string, string>()): Repository[] {
  const repositories: Repository[] = []
  for (const [index, line] of text.split('\n').entries()) {
    const words = line.split(/\s+/).filter(word => word !== '')
    const [first] = words
    if (first === undefined || first.startsWith('#') || first === 'default') continue
    if (first === 'set') {
      assign(words.slice(1), variables)
      continue
    }
    if (/^(ndx|v2|v3)$/.test(first)) words.shift()
    const tag = words[0]?.startsWith('@') ? words.shift()?.slice(1) : undefined
    const [url, ...components] = words.map(word => expand(word, variables))
    if (url === undefined) continue
    for (const full of components.length === 0 ? [url] : components.map(part => `${url.replace(/\/+$/, '')}/${part}`)) {
      repositories.push({url: full, tag: tag ?? null, ...placeOf(full), path, line: index + 1})
    }
  }
  return repositories
}

/** Reads `etc/apk/world`: the packages that somebody asked for, each with its constraint and tag as it stands. */
export function parseWorld(text: string): string[] {
  return text.split(/\s+/).filter(word => word !== '')
}

/** What the path of a mirror tells: `…/alpine/v3.19/main`, also of an index file in it. */
export function placeOf(url: string): Pick<Repository, 'branch' | 'name'> {
  const [, branch, name] = /\/(v\d{1,3}\.\d{1,3}|edge|latest-stable)(?:\/([^/?#]+))?/.exec(url) ?? []
  return {branch: branch === undefined || branch === 'latest-stable' ? null : branch, name: name ?? null}
}

/** `set [-default] key=value` */
function assign(words: readonly string[], variables: Map<string, string>): void {
  const keep = words[0] === '-default'
  const [, key, value] = /^([A-Za-z]\w*)=(.*)$/.exec(words[keep ? 1 : 0] ?? '') ?? []
  if (key === undefined || value === undefined || (keep && variables.has(key))) return
  const expanded = expand(value, variables)
  // Variables made of variables double with every line.
  if (expanded.length <= limits.pathBytes) variables.set(key, expanded)
}

function expand(text: string, variables: ReadonlyMap<string, string>): string {
  return text.replace(/\$\{(\w+)\}/g, (whole, key: string) => variables.get(key) ?? whole)
}
