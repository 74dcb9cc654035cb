import type {Repository} from '../model/package.js'
import {name} from './words.js'

/** Where a repository line stands. */
export function lineOf({path, line}: Repository): string {
  return `${path}:${line}`
}

/** The URL as it may be shown: without the user and password that private repositories carry. */
export function shownURL({url}: Repository): string {
  return name(url.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/]*@/i, '$1'))
}

/** `dl-cdn.alpinelinux.org`, with its port; '' where the line is a folder. */
export function hostOf({url}: Repository): string {
  return /^[a-z][a-z0-9+.-]*:\/\/(?:[^/]*@)?([^/]*)/i.exec(url)?.[1]?.toLowerCase() ?? ''
}

/** Does it name whatever branch is the newest stable one, and so another with every release? */
export function isMoving({url}: Repository): boolean {
  return /\/latest-stable(?:\/|$)/.test(url)
}

/** Sections of Alpine's repositories, in any release. */
const sections: ReadonlySet<string> = new Set(['main', 'community', 'testing', 'backports', 'releases'])

/** Is it, by its address, none of Alpine's nor a mirror of one? A folder says nothing of itself. */
export function isForeign(repository: Repository): boolean {
  const {url, branch, name} = repository
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(url) || isMoving(repository)) return false
  return branch === null || (name !== null && !sections.has(name))
}

/** How Alpine names the keys that it signs with. A name proves nothing; another name is worth a look. */
export function isAlpineKey(name: string): boolean {
  return /^alpine-devel@lists\.alpinelinux\.org-[0-9a-f]{8}\.rsa\.pub$/.test(name)
}
