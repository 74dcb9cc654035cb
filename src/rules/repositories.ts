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
