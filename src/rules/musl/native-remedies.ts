import type {Ecosystem, NativeModule} from '../../model/native.js'
import type {Remedy} from '../../model/rule.js'
import {quote} from '../words.js'

/** What a package is called in its ecosystem. */
export const ecosystemNames: Readonly<Record<Ecosystem, string>> = {
  node: 'Node package',
  python: 'Python package',
  ruby: 'Ruby gem',
  php: 'PHP extension',
  dotnet: '.NET package',
  java: 'Java archive',
  go: 'Go library',
  rust: 'Rust library',
}

/** Names and versions that may stand in a command that somebody pastes. */
const safeName = /^(?:@[A-Za-z0-9][\w.-]*\/)?[A-Za-z0-9][\w.-]*$/
const safeVersion = /^\d[\w.+-]*$/

const dotnetMachines: ReadonlyMap<string, string> = new Map([
  ['x86_64', 'x64'],
  ['aarch64', 'arm64'],
  ['arm', 'arm'],
])

/**
 * How to get the package built for musl.
 * @param machine of the image, as ELF names it
 */
export function remedyFor(module: NativeModule, machine: string | null): Remedy {
  const {name} = module
  const version = module.version !== null && safeVersion.test(module.version) ? module.version : null
  const remedy = remedies[module.ecosystem]({name, version, machine})
  return safeName.test(name) ? remedy : {...remedy, command: null}
}

interface Wanted {
  readonly name: string
  readonly version: string | null
  readonly machine: string | null
}

const remedies: Readonly<Record<Ecosystem, (wanted: Wanted) => Remedy>> = {
  node({name, version}) {
    const musl = name.replace(/-(?:gnu|glibc)(?=$|-)/, '-musl').replace(/-linux-(?=[^-]+$)/, '-linuxmusl-')
    if (/-linux(?:musl)?-/.test(name) && musl !== name) {
      const wanted = version === null ? musl : `${musl}@${version}`
      return {
        text: `Run npm ci on Alpine, where npm picks the build for musl, or add it: try ${quote(wanted)}.`,
        // Without --force npm asks the C library of the machine that it runs on, and refuses on one of glibc (EBADPLATFORM).
        command: `npm install --no-save --force --libc=musl ${wanted}`,
      }
    }
    return {
      text: `Build ${quote(name)} on Alpine: npm takes a build for musl where there is one, and else needs build-base and python3.`,
      command: `npm rebuild --libc=musl ${name}`,
    }
  },
  python({name, version}) {
    const wanted = version === null ? name : `${name}==${version}`
    return {
      text: 'Install it on Alpine: pip takes a musllinux wheel where there is one, and else needs build-base and python3-dev.',
      command: `pip install --force-reinstall --no-cache-dir ${wanted}`,
    }
  },
  ruby({name, version}) {
    return {
      text: 'Install it on Alpine: RubyGems takes the gem for linux-musl where there is one, and else compiles (build-base, ruby-dev).',
      command: `gem install ${name}${version === null ? '' : ` -v ${version}`} --platform ruby`,
    }
  },
  php({name}) {
    return {
      text: `Take ${quote(name)} from an Alpine package or build it with pecl; of closed extensions look for the vendor's build for Alpine or musl.`,
      command: null,
    }
  },
  dotnet({machine}) {
    const architecture = dotnetMachines.get(machine ?? '')
    return {
      text: 'Publish for the runtime of Alpine, and take a version of the package that has files for it.',
      command: architecture === undefined ? null : `dotnet publish -r linux-musl-${architecture}`,
    }
  },
  java() {
    return {
      text: 'Take a version, or a classifier, of the library that carries a build for musl; gcompat may do where there is none: apk add gcompat.',
      command: null,
    }
  },
  go() {
    return {text: 'Build it on Alpine (golang:alpine), or without C: CGO_ENABLED=0.', command: 'CGO_ENABLED=0 go build'}
  },
  rust({machine}) {
    const target = machine === 'x86_64' || machine === 'aarch64' ? `${machine}-unknown-linux-musl` : null
    return {
      text: 'Build it on Alpine (rust:alpine), or for the target of musl.',
      command: target === null ? null : `cargo build --release --target ${target}`,
    }
  },
}
