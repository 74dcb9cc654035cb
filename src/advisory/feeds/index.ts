import {apkIndex} from './apk-index.js'
import {chainguard} from './chainguard.js'
import {cveList} from './cve-list.js'
import {epss} from './epss.js'
import type {Feed} from './feed.js'
import {kev} from './kev.js'
import {minimos} from './minimos.js'
import {nvd} from './nvd.js'
import {nvdApi} from './nvd-api.js'
import {osv} from './osv.js'
import {redhat} from './redhat.js'
import {rejections} from './rejections.js'
import {releases} from './releases.js'
import {secdb} from './secdb.js'
import {severity} from './severity.js'
import {wolfi} from './wolfi.js'

/** Every feed, in the order in which they are asked: what names ids comes before what rates them. */
export const feeds: readonly Feed[] = [
  secdb,
  rejections,
  wolfi,
  chainguard,
  minimos,
  releases,
  kev,
  epss,
  apkIndex,
  severity,
  osv,
  nvd,
  cveList,
  nvdApi,
  redhat,
]
