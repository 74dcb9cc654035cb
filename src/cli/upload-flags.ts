import * as Flags from '@oclif/core/flags'
import {UsageError} from '../model/errors.js'
import type {ScanUpload} from './scan-upload.js'

/** What the flags say of where results are uploaded to. */
export interface UploadDestination {
  readonly repository: string | undefined
  readonly ref: string | undefined
  readonly commit: string | undefined
  readonly category: string | undefined
}

/** Flags of `piton upload` that say where to. */
export const uploadFlags = destinationFlags({})

const whereUploaded = {helpGroup: 'UPLOAD'}

/** Flags of a scan that uploads what it found. */
export const scanUploadFlags = {
  upload: Flags.boolean({
    description: 'send what was found to GitHub code scanning, with the token in GITHUB_TOKEN or GH_TOKEN',
    helpGroup: 'UPLOAD',
  }),
  'force-upload': Flags.boolean({
    ...whereUploaded,
    description: 'also after a scan that did not see everything: GitHub closes what is missing in it',
  }),
  ...destinationFlags(whereUploaded),
}

function destinationFlags(more: {readonly helpGroup?: string}) {
  return {
    repository: Flags.string({
      ...more,
      description: 'whose results they are; default: GITHUB_REPOSITORY, else the remote of git',
      helpValue: 'OWNER/NAME',
    }),
    ref: Flags.string({
      ...more,
      description:
        'refs/heads/…, refs/tags/…, refs/pull/N/merge; default: that of the workflow, else the branch of git',
      helpValue: 'REF',
    }),
    commit: Flags.string({
      ...more,
      description: 'the commit they are of; default: that of the workflow, else that of git',
      helpValue: 'SHA',
    }),
    category: Flags.string({
      ...more,
      description: 'compare with what was uploaded under this name; default: that in the SARIF',
      helpValue: 'NAME',
    }),
  }
}

export function uploadDestination({repository, ref, commit, category}: UploadDestination): UploadDestination {
  return {repository, ref, commit, category}
}

/**
 * What {@link scanUploadFlags} came to; null where nothing is uploaded.
 * @throws {UsageError} where it is said how to upload, but not to
 */
export function scanUpload(
  flags: UploadDestination & {readonly upload: boolean; readonly 'force-upload': boolean},
): ScanUpload | null {
  const destination = uploadDestination(flags)
  if (flags.upload) return {...destination, force: flags['force-upload']}
  const given = [
    ...Object.entries(destination)
      .filter(([, value]) => value !== undefined)
      .map(([name]) => name),
  ]
  if (flags['force-upload']) given.push('force-upload')
  if (given.length === 0) return null
  throw new UsageError('USAGE', `--${given[0]} says how results are uploaded, and --upload is missing`, {
    hint: 'Add --upload, or leave it out.',
  })
}
