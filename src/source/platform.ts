import {UsageError} from '../model/errors.js'
import type {Platform} from '../model/image.js'

/** Other names of Go's architectures, which image manifests use. */
const architectures: ReadonlyMap<string, readonly [architecture: string, variant?: string]> = new Map([
  ['x86_64', ['amd64']],
  ['x64', ['amd64']],
  ['x86', ['386']],
  ['i386', ['386']],
  ['ia32', ['386']],
  ['aarch64', ['arm64']],
  ['armhf', ['arm', 'v6']],
  ['armel', ['arm', 'v6']],
  ['armv6', ['arm', 'v6']],
  ['armv7', ['arm', 'v7']],
  ['ppc64', ['ppc64le']],
])

/**
 * `os/arch[/variant]`, or an architecture alone; names as Docker, apk or Node write them.
 * @throws {UsageError} USAGE_PLATFORM
 */
export function parsePlatform(text: string): Platform {
  const parts = text.toLowerCase().split('/')
  const [os, arch, variant] = parts.length === 1 ? ['linux', parts[0]] : parts
  if (parts.length > 3 || !parts.every(part => /^[a-z0-9._-]+$/.test(part))) {
    throw new UsageError('USAGE_PLATFORM', `--platform ${JSON.stringify(text)} is not os/architecture`, {
      hint: 'For example --platform linux/arm64 or linux/arm/v7.',
    })
  }
  return normalPlatform(os ?? '', arch ?? '', variant ?? '')
}

/** A platform in Go's names, without the variants that say nothing (arm64's v8, amd64's v1). */
export function normalPlatform(os: string, architecture: string, variant: string): Platform {
  const [name, implied] = architectures.get(architecture) ?? [architecture]
  const kept = variant === '' ? (implied ?? '') : variant
  const saysNothing = kept === '' || (name === 'arm64' && kept === 'v8') || (name === 'amd64' && kept === 'v1')
  return saysNothing ? {os, architecture: name} : {os, architecture: name, variant: kept}
}

/** Linux on this machine's processor. */
export function hostPlatform(): Platform {
  return normalPlatform('linux', process.arch, process.arch === 'arm' ? 'v7' : '')
}

/**
 * How well does an image for `offered` serve who asked for `wanted`? 0: not at all. An exact match is best; an image
 * without a variant serves any; on arm a lower variant serves a higher one, and without a wish the highest is taken.
 */
export function platformMatch(wanted: Platform, offered: Platform): number {
  if (wanted.os !== offered.os || wanted.architecture !== offered.architecture) return 0
  if (wanted.variant === offered.variant) return 100
  if (offered.variant === undefined) return 50
  const level = Number(/^v([0-9])/.exec(offered.variant)?.[1] ?? 0)
  if (wanted.variant === undefined) return 10 + level
  const asked = Number(/^v([0-9])/.exec(wanted.variant)?.[1] ?? 0)
  return wanted.architecture === 'arm' && level < asked ? 10 + level : 0
}
