import {imageRepository} from '../model/image-name.js'
import type {Report} from '../model/report.js'
import {shorten, visible} from '../model/text.js'

/** GitHub rejects a file with longer descriptions. */
const descriptionLength = 1024

/**
 * Text for a SARIF message. Viewers turn `[text](target)` into a link (SARIF 2.1.0, 3.11.6), which is not for a name
 * from the target to ask for.
 */
export function messageText(text: string): string {
  return visible(text).replace(/[[\]]/g, '\\$&')
}

export function description(text: string): string {
  return shorten(visible(text), descriptionLength)
}

/** Part of an id or path that GitHub keeps an alert by: letters, digits, dots, dashes and underscores. */
export function identifier(text: string): string {
  return shorten(text.replace(/[^A-Za-z0-9._+-]+/g, '-').replace(/^[-.]+|[-.]+$/g, ''), 200).replace('…', '')
}

/** What the target is called where neither tag nor digest may be: `team-app`; `image` or `rootfs` without a name. */
function targetID({target}: Report): string {
  return identifier(imageRepository(target.name)) || target.kind
}

/**
 * A path that stays the same from scan to scan, for findings that no file of the repository explains. One folder deep,
 * since GitHub hides alerts below folders called `library` or `test`.
 */
export function syntheticPath(report: Report): string {
  return `piton/${targetID(report)}.apkdb`
}

/** The category that GitHub compares analyses in: everything up to the last slash. */
export function categoryOf(report: Report): string {
  const platform = identifier(report.target.platform ?? '')
  return ['piton', targetID(report), platform, ''].filter((part, index) => part !== '' || index === 3).join('/')
}
