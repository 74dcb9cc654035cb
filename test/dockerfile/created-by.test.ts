import {expect, test} from 'vitest'
import {parseCreatedBy} from '../../src/dockerfile/created-by.js'
import {entry, linesOf, mapOf} from '../support/dockerfiles.js'

const base = entry('ADD alpine-minirootfs.tar.gz / # buildkit')
const from = 'FROM registry/base:1'

/** What BuildKit, the legacy builder, buildah and kaniko write down: their sources, and images in public repositories. */
const equal: [name: string, lines: string, createdBy: string][] = [
  ['RUN', 'RUN apk add curl', 'RUN /bin/sh -c apk add curl # buildkit'],
  ['RUN with an ARG', 'ARG A=1\nRUN make', 'RUN |1 A=1 /bin/sh -c make # buildkit'],
  ['an ARG with blanks', 'ARG A="x y"\nARG B\nRUN make', 'RUN |2 A=x y B= /bin/sh -c make # buildkit'],
  ['an ARG and no shell', 'ARG A=1\nRUN ["make", "all"]', 'RUN |1 A=1 make all # buildkit'],
  ['RUN flags', 'RUN --mount=type=cache,target=/x --network=none make', 'RUN /bin/sh -c make # buildkit'],
  ['continued lines', 'RUN a && \\\n    # why\n\n    b', 'RUN /bin/sh -c a &&     b # buildkit'],
  ['the JSON form', 'RUN ["a", "b c"]', 'RUN a b c # buildkit'],
  ['a heredoc', 'RUN <<EOF\nset -e\napk add curl\nEOF', 'RUN /bin/sh -c set -e\napk add curl\n # buildkit'],
  ['a heredoc of a command', 'RUN sh -x <<EOF\nmake\nEOF', 'RUN /bin/sh -c sh -x <<EOF\nmake\nEOF # buildkit'],
  ['SHELL', 'SHELL ["/bin/bash", "-o", "pipefail", "-c"]\nRUN a | b', 'RUN /bin/bash -o pipefail -c a | b # buildkit'],
  ['SHELL of the base image', 'RUN a | b', 'RUN /bin/ash -eo pipefail -c a | b # buildkit'],
  ['SHELL that is no shell', 'SHELL ["python3", "-c"]\nRUN print()', 'RUN python3 -c print() # buildkit'],
  ['variables of RUN stay', 'ARG A=1\nRUN make $A', 'RUN |1 A=1 /bin/sh -c make $A # buildkit'],
  ['COPY', 'COPY a b /x/', 'COPY a b /x/ # buildkit'],
  ['COPY --from and --link', 'COPY --from=build --link /out /out', 'COPY /out /out # buildkit'],
  ['COPY --chown', 'COPY --chown=app:app --chmod=755 a /x', 'COPY --chown=app:app --chmod=755 a /x # buildkit'],
  ['COPY in JSON', 'COPY ["a b", "/x/"]', 'COPY a b /x/ # buildkit'],
  ['COPY with variables', `ARG V=1\nENV D=/srv\nCOPY app-$V.tar \${D}/`, 'COPY app-1.tar /srv/ # buildkit'],
  ['COPY of a heredoc', 'COPY <<-"EOF" /etc/x.conf\n\tx\n\tEOF', 'COPY <<EOF /etc/x.conf # buildkit'],
  ['ADD', 'ADD --checksum=sha256:00 https://host.example/x.tgz /x/', 'ADD https://host.example/x.tgz /x/ # buildkit'],
  ['WORKDIR', 'WORKDIR /app', 'WORKDIR /app'],
  ['WORKDIR in WORKDIR', 'WORKDIR /\nWORKDIR app', 'WORKDIR /app'],
  ['the suffix of old BuildKit', 'RUN make', `RUN /bin/sh -c make # buildkit:sha256:${'0'.repeat(64)}`],
  ['RUN of the legacy builder', 'RUN make', '/bin/sh -c make'],
  ['RUN of the legacy builder with an ARG', 'ARG A=1\nRUN make', '|1 A=1 /bin/sh -c make'],
  ['WORKDIR of the legacy builder', 'WORKDIR /app', '/bin/sh -c #(nop) WORKDIR /app'],
  ['RUN of kaniko', 'RUN --mount=type=cache,target=/x make', 'RUN --mount=type=cache,target=/x make'],
  ['COPY of kaniko', 'ARG V=1\nCOPY --from=build app-$V /x', 'COPY --from=build app-$V /x'],
]
for (const [name, lines, createdBy] of equal) {
  test(`the text is the same: ${name}`, () => {
    const map = mapOf(`${from}\n${lines}`, [base, entry(createdBy)])
    const line = 2 + lines.split('\n').findIndex(each => /^(?:RUN|COPY|ADD|WORKDIR \/?app)/.test(each))
    expect(linesOf(map)).toEqual(['base 1', `exact ${line}`])
    expect(map.warnings).toEqual([])
  })
}

/** History does not say what was copied, or what was run: it is this line if no other can be meant. */
const partly: [name: string, lines: string, createdBy: string][] = [
  ['COPY of the legacy builder', 'COPY src /app/', '/bin/sh -c #(nop) COPY dir:0a1b2c in /app '],
  ['several files', 'COPY a b /app/', '/bin/sh -c #(nop) COPY multi:0a1b2c in /app/ '],
  ['in the folder of WORKDIR', 'COPY app ./bin', '/bin/sh -c #(nop) COPY file:0a1b2c in /srv/bin '],
  ['ADD of the legacy builder', 'ADD root.tar.gz /', '/bin/sh -c #(nop) ADD file:0a1b2c in / '],
  ['COPY of buildah', 'COPY app /usr/bin/app', '/bin/sh -c #(nop) COPY file:0a1b2c in /usr/bin/app'],
  ['no more than the destination', 'COPY --from=build /out /app', 'COPY /app # buildkit'],
  ['a script with its own interpreter', 'RUN <<E\n#!/usr/bin/env python3\nE', 'RUN /bin/sh -c /dev/pipes/E # buildkit'],
]
for (const [name, lines, createdBy] of partly) {
  test(`the text is partly known: ${name}`, () => {
    const map = mapOf(`${from}\nWORKDIR /srv\n${lines}`, [base, entry('WORKDIR /srv'), entry(createdBy)])
    expect(linesOf(map)).toEqual(['base 1', 'exact 2', 'likely 3'])
    const twice = mapOf(`${from}\nWORKDIR /srv\n${lines}\n${lines}`, [base, entry('WORKDIR /srv'), entry(createdBy)])
    expect(linesOf(twice)).toEqual(['base 1', 'exact 2', 'unknown 1'])
  })
}

const metadata = [
  'ENV A=1',
  'ARG A=1',
  'LABEL a=b',
  'CMD ["a"]',
  'ENTRYPOINT ["a"]',
  'EXPOSE 80',
  'USER app',
  'VOLUME /x',
  'SHELL ["/bin/sh", "-c"]',
  'STOPSIGNAL SIGTERM',
  'HEALTHCHECK NONE',
  'MAINTAINER me',
  'WORKDIR /',
]
for (const line of metadata) {
  test(`makes no layer: ${line}`, () => {
    const map = mapOf(`${from}\n${line}\nRUN make`, [base, entry(line, true), entry('RUN /bin/sh -c make # buildkit')])
    expect(linesOf(map)).toEqual(['base 1', 'exact 3'])
  })
}

const forms: [createdBy: string, kind: string, text: string][] = [
  ['', 'RUN', ''],
  ['BusyBox 1.37.0 (glibc), Debian 12', 'RUN', 'BusyBox 1.37.0 (glibc), Debian 12'],
  ['ADD busybox.tar.gz /', 'ADD', 'busybox.tar.gz /'],
  ['RUN /bin/sh -c echo "# buildkit is it" # buildkit', 'RUN', 'echo "# buildkit is it"'],
  ['/bin/sh -c #(nop)  CMD ["/bin/sh"]', 'CMD', '["/bin/sh"]'],
  ['cmd /S /C #(nop) COPY file:0a in C:\\x', 'COPY', 'file:0a in C:\\x'],
  ['|9999 a', 'RUN', ''],
]
for (const [createdBy, kind, text] of forms) {
  test(`reads ${JSON.stringify(createdBy)}`, () => expect(parseCreatedBy(createdBy)).toMatchObject({kind, text}))
}
