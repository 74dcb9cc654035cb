import * as Flags from '@oclif/core/flags'

/** Flags that say where findings stand in the repository, and whose they are. */
export const placementFlags = {
  dockerfile: Flags.string({
    helpGroup: 'DOCKERFILE',
    description: 'the Dockerfile that the image was built from; default: the one nearby that fits',
    helpValue: 'FILE',
  }),
  target: Flags.string({
    helpGroup: 'DOCKERFILE',
    description: 'the stage of it that was built; default: the last',
    helpValue: 'STAGE',
  }),
  only: Flags.string({options: ['base', 'own'], description: "only the base image's findings, or only your own"}),
  'sarif-location': Flags.string({
    helpGroup: 'DOCKERFILE',
    description: 'where alerts stand that no line of a Dockerfile explains',
    helpValue: 'FILE[:LINE]',
  }),
  'sarif-profile': Flags.string({
    helpGroup: 'DOCKERFILE',
    options: ['github', 'full'],
    default: 'github',
    description: 'github: what it shows; full: everything, with what was suppressed',
  }),
}

/** What {@link placementFlags} came to. */
export interface PlacementOptions {
  readonly dockerfile: string | undefined
  readonly stage: string | undefined
  readonly only: 'base' | 'own' | null
  readonly sarifLocation: string | undefined
  readonly sarifProfile: 'github' | 'full'
}

export function placementOptions(flags: {
  readonly dockerfile: string | undefined
  readonly target: string | undefined
  readonly only: string | undefined
  readonly 'sarif-location': string | undefined
  readonly 'sarif-profile': string
}): PlacementOptions {
  return {
    dockerfile: flags.dockerfile,
    stage: flags.target,
    only: (flags.only ?? null) as PlacementOptions['only'],
    sarifLocation: flags['sarif-location'],
    sarifProfile: flags['sarif-profile'] as PlacementOptions['sarifProfile'],
  }
}
