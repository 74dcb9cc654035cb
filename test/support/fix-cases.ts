// biome-ignore-all lint/suspicious/noTemplateCurlyInString: a builder expands it, not we
import type {World} from './docker-build.js'
import {as, countOf, current, earlier, now} from './fix-world.js'

export interface FixCase {
  readonly name: string
  readonly before: string
  readonly after: string
  /** How many findings the edit removes, of how many. */
  readonly removes: number
  readonly of: number
  readonly worlds?: readonly [earlier: World, now: World]
  readonly stage?: string
}

const text = (...lines: readonly string[]) => `${lines.join('\n')}\n`
const base = countOf('busybox', 'openssl')
const all = 'RUN apk add --no-cache --upgrade busybox libcrypto3 libssl3'
const nonRoot: readonly [World, World] = [as('101', earlier), as('101', now)]

/** Dockerfiles as people write them, and what has to become of them. */
export const fixCases: readonly FixCase[] = [
  {
    name: 'a single stage: what apk add brings is new by itself, as FROM changes',
    before: text('FROM alpine:3.19.0', 'RUN apk add --no-cache nginx', 'CMD ["nginx"]'),
    after: text('FROM alpine:3.19.9', all, 'RUN apk add --no-cache nginx', 'CMD ["nginx"]'),
    removes: base + countOf('nginx'),
    of: base + countOf('nginx'),
  },
  {
    name: 'a base image alone',
    before: text('FROM alpine:3.19.0', 'ENTRYPOINT ["/bin/sh"]'),
    after: text('FROM alpine:3.19.9', all, 'ENTRYPOINT ["/bin/sh"]'),
    removes: base,
    of: base,
  },
  {
    name: 'a file of one line without an end',
    before: 'FROM alpine:3.19.0',
    after: `FROM alpine:3.19.9\n${all}`,
    removes: base,
    of: base,
  },
  {
    name: 'pins in a continued RUN, of every kind',
    before: text(
      '# The app.',
      'FROM --platform=linux/amd64 alpine:3.19.0 AS app # not a comment',
      'RUN apk add --no-cache \\',
      '      curl=8.5.0-r0 \\',
      '      # php=8.2.13-r0 stays',
      '      "php82~8.2.13" php82-fpm~=8.2.13-r0 \\',
      "      'nginx<1.25' 'git>=2.43' jq=1.7.1-r0 \\",
      '   && echo curl=8.5.0-r0',
    ).replace(' # not a comment', ''),
    after: text(
      '# The app.',
      'FROM --platform=linux/amd64 alpine:3.19.9 AS app',
      all,
      'RUN apk add --no-cache \\',
      '      curl=8.9.1-r2 \\',
      '      # php=8.2.13-r0 stays',
      '      "php82~8.2.28" php82-fpm~=8.2.28-r1 \\',
      "      'nginx<1.27' 'git>=2.43' jq=1.7.1-r0 \\",
      '   && echo curl=8.5.0-r0',
    ),
    removes: base + countOf('curl', 'nghttp2', 'php82', 'nginx', 'git'),
    of: base + countOf('curl', 'nghttp2', 'php82', 'nginx', 'git'),
  },
  {
    name: 'several stages: only the one of the image',
    before: text(
      'FROM alpine:3.19.0 AS build',
      'RUN apk add --no-cache git=2.43.0-r0',
      '',
      'FROM alpine:3.19.0',
      'RUN apk add --no-cache curl=8.5.0-r0',
      'COPY --from=build /out /app',
    ),
    after: text(
      'FROM alpine:3.19.0 AS build',
      'RUN apk add --no-cache git=2.43.0-r0',
      '',
      'FROM alpine:3.19.9',
      all,
      'RUN apk add --no-cache curl=8.9.1-r2',
      'COPY --from=build /out /app',
    ),
    removes: base + countOf('curl', 'nghttp2'),
    of: base + countOf('curl', 'nghttp2'),
  },
  {
    name: 'a stage on another stage',
    before: text('FROM alpine:3.19.0 AS base', 'RUN apk add --no-cache nginx', 'FROM base', 'RUN apk add jq=1.7.1-r0'),
    after: text(
      'FROM alpine:3.19.9 AS base',
      all,
      'RUN apk add --no-cache nginx',
      'FROM base',
      'RUN apk add jq=1.7.1-r0',
    ),
    removes: base + countOf('nginx'),
    of: base + countOf('nginx'),
  },
  {
    name: 'the tag in an ARG',
    before: text('ARG ALPINE="3.19.0"', 'ARG OTHER=3.19.0', 'FROM alpine:${ALPINE}', 'RUN apk add --no-cache jq'),
    after: text('ARG ALPINE="3.19.9"', 'ARG OTHER=3.19.0', 'FROM alpine:${ALPINE}', all, 'RUN apk add --no-cache jq'),
    removes: base,
    of: base,
  },
  {
    name: 'a pin in an ARG',
    before: text('FROM alpine:3.19.9', 'ARG CURL=8.5.0-r0', 'RUN apk add --no-cache curl=${CURL}'),
    after: text('FROM alpine:3.19.9', all, 'ARG CURL=8.9.1-r2', 'RUN apk add --no-cache curl=${CURL}'),
    removes: base + countOf('curl', 'nghttp2'),
    of: base + countOf('curl', 'nghttp2'),
  },
  {
    name: 'the tag from two ARGs: it stays, the packages do not',
    before: text('ARG MINOR=3.19', 'ARG PATCH=0', 'FROM alpine:$MINOR.$PATCH', 'RUN apk add --no-cache jq'),
    after: text('ARG MINOR=3.19', 'ARG PATCH=0', 'FROM alpine:$MINOR.$PATCH', all, 'RUN apk add --no-cache jq'),
    removes: base,
    of: base,
  },
  {
    name: 'the base image leaves a user that is not root, and the Dockerfile does not change that',
    before: text('FROM registry.example/unprivileged:1', 'COPY app /app', 'CMD ["/app"]'),
    after: text('FROM registry.example/unprivileged:1', 'USER root', all, 'USER 101', 'COPY app /app', 'CMD ["/app"]'),
    removes: base,
    of: base,
    worlds: nonRoot,
  },
  {
    name: 'the Dockerfile becomes root by itself',
    before: text(
      'FROM registry.example/unprivileged:1',
      'LABEL team=web',
      'USER root',
      'RUN apk add --no-cache curl',
      'USER 101',
    ),
    after: text(
      'FROM registry.example/unprivileged:1',
      'LABEL team=web',
      'USER root',
      all,
      'RUN apk add --no-cache curl',
      'USER 101',
    ),
    removes: base + countOf('curl', 'nghttp2'),
    of: base + countOf('curl', 'nghttp2'),
    worlds: nonRoot,
  },
  {
    name: 'the Dockerfile ends as another user',
    before: text('FROM alpine:3.19.0', 'RUN apk add --no-cache nginx', 'USER app', 'COPY app /app'),
    after: text('FROM alpine:3.19.9', all, 'RUN apk add --no-cache nginx', 'USER app', 'COPY app /app'),
    removes: base + countOf('nginx'),
    of: base + countOf('nginx'),
  },
  {
    name: 'line ends of Windows, a mark at the start, no end of the last line',
    before: '\ufeffFROM alpine:3.19.0\r\nRUN apk add --no-cache `\r\n  curl=8.5.0-r0\r\nUSER app'.replace('`', '\\'),
    after: `\ufeffFROM alpine:3.19.9\r\n${all}\r\nRUN apk add --no-cache \\\r\n  curl=8.9.1-r2\r\nUSER app`,
    removes: base + countOf('curl', 'nghttp2'),
    of: base + countOf('curl', 'nghttp2'),
  },
  {
    name: 'an escape directive',
    before: text('# escape=`', '', 'FROM `', '  alpine:3.19.0', 'RUN apk add --no-cache `', '  curl=8.5.0-r0'),
    after: text('# escape=`', '', 'FROM `', '  alpine:3.19.9', all, 'RUN apk add --no-cache `', '  curl=8.9.1-r2'),
    removes: base + countOf('curl', 'nghttp2'),
    of: base + countOf('curl', 'nghttp2'),
  },
  {
    name: 'a digest: it stays, the packages do not',
    before: text(`FROM alpine:3.19.0@sha256:${'0'.repeat(64)}`, 'RUN apk add --no-cache nginx=1.24.0-r15'),
    after: text(`FROM alpine:3.19.0@sha256:${'0'.repeat(64)}`, all, 'RUN apk add --no-cache nginx=1.26.3-r0'),
    removes: base + countOf('nginx'),
    of: base + countOf('nginx'),
  },
  {
    name: 'a heredoc',
    before: text('FROM alpine:3.19.0', 'RUN <<EOF', 'apk add --no-cache curl=8.5.0-r0', 'EOF', 'COPY app /app'),
    after: text('FROM alpine:3.19.9', all, 'RUN <<EOF', 'apk add --no-cache curl=8.9.1-r2', 'EOF', 'COPY app /app'),
    removes: base + countOf('curl', 'nghttp2'),
    of: base + countOf('curl', 'nghttp2'),
  },
  {
    name: 'own packages alone, where nothing before them changes',
    before: text(
      'FROM alpine:3.19.9',
      'RUN apk add --no-cache --upgrade busybox libssl3 libcrypto3',
      'RUN apk add nginx',
      'CMD ["nginx"]',
    ),
    after: text(
      'FROM alpine:3.19.9',
      'RUN apk add --no-cache --upgrade busybox libssl3 libcrypto3',
      'RUN apk add nginx',
      'RUN apk add --no-cache --upgrade nginx',
      'CMD ["nginx"]',
    ),
    removes: countOf('nginx'),
    of: countOf('nginx'),
    worlds: [
      {
        base: earlier.base,
        repository: new Map([...earlier.repository, ...current('busybox', 'libssl3', 'libcrypto3')]),
      },
      now,
    ],
  },
  {
    name: 'a pin that is not the last line of its kind, with packages before it',
    before: text('FROM alpine:3.19.9', 'RUN apk add nginx', 'RUN apk add php82=8.2.13-r0', 'RUN apk add git'),
    after: text(
      'FROM alpine:3.19.9',
      'RUN apk add nginx',
      'RUN apk add --no-cache --upgrade nginx',
      'RUN apk add php82=8.2.28-r1',
      'RUN apk add git',
    ),
    removes: countOf('nginx', 'php82', 'git'),
    of: countOf('nginx', 'php82', 'git'),
    worlds: [
      {
        base: () => ({packages: current('musl'), release: '3.19.9'}),
        repository: earlier.repository,
      },
      {...now, base: () => ({packages: current('musl'), release: '3.19.9'})},
    ],
  },
]
