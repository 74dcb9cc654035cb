import * as Flags from '@oclif/core/flags'
import {feedNames} from '../advisory/feeds/feed.js'
import type {FetchFlags} from './db-update.js'

/** Of every command that fetches feeds. */
export const feedFlags = {
  branch: Flags.string({
    multiple: true,
    multipleNonGreedy: true,
    description: 'only this branch of Alpine, repeatable',
    helpValue: 'BRANCH',
  }),
  only: Flags.string({
    multiple: true,
    multipleNonGreedy: true,
    delimiter: ',',
    options: [...feedNames],
    description: 'only this feed, repeatable',
    helpValue: 'FEED',
  }),
  arch: Flags.string({
    multiple: true,
    multipleNonGreedy: true,
    description: 'also the package indexes of this architecture, for the branches named; repeatable',
    helpValue: 'ARCH',
  }),
  feed: Flags.string({
    multiple: true,
    multipleNonGreedy: true,
    description: 'also this document in the schema of the secdb, repeatable',
    helpValue: 'NAME=URL',
  }),
  config: Flags.string({
    description: "the configuration, for its feeds; default: .piton.yaml in the working folder; '' for none",
    helpValue: 'FILE',
  }),
  mirror: Flags.string({description: 'a mirror instead of the services', helpValue: 'URL'}),
  from: Flags.string({description: 'a folder instead of the network', helpValue: 'DIR'}),
  force: Flags.boolean({description: 'take also what is older, or has lost half of its entries'}),
  strict: Flags.boolean({description: 'exit 2 if there is a warning'}),
  progress: Flags.boolean({allowNo: true, default: true, description: 'show progress on a terminal'}),
  quiet: Flags.boolean({char: 'q', description: 'nothing on standard error but errors'}),
}

/** In scans `--from` is a list of targets, and `--only` the base image or what stands on it. */
export const notConfigured: ReadonlySet<string> = new Set(['from', 'only'])

/** The parsed flags, as the code takes them. */
export function fetchFlags(
  flags: {
    readonly branch: readonly string[] | undefined
    readonly only: readonly string[] | undefined
    readonly arch: readonly string[] | undefined
    readonly feed: readonly string[] | undefined
    readonly mirror: string | undefined
    readonly from: string | undefined
    readonly force: boolean
    readonly progress: boolean
    readonly quiet: boolean
  },
  root: string,
): FetchFlags {
  return {
    branches: flags.branch ?? [],
    only: flags.only ?? [],
    architectures: flags.arch ?? [],
    own: flags.feed ?? [],
    mirror: flags.mirror,
    from: flags.from,
    force: flags.force,
    progress: flags.progress,
    quiet: flags.quiet,
    root,
  }
}
