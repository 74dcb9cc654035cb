import {expect, test} from 'vitest'
import {repositoriesOfCommand} from '../../src/apk/command-repositories.js'

const cdn = 'https://dl-cdn.alpinelinux.org/alpine'

const cases: [command: string, named: string[]][] = [
  ['', []],
  [`RUN /bin/sh -c apk add --no-cache curl # buildkit`, []],
  [`/bin/sh -c apk add --no-cache --repository=${cdn}/edge/testing gosu`, ['edge/testing']],
  [`RUN apk add -X "${cdn}/edge/community" -X ${cdn}/v3.20/main a`, ['edge/community', 'v3.20/main']],
  [`RUN echo '${cdn}/edge/main' >> /etc/apk/repositories && apk add x && apk del y`, ['edge/main']],
  [`RUN apk add --repository http://mirror.example/alpine/edge/ x`, ['edge/']],
  [`RUN apk add --repository $MIRROR/edge/main x`, []],
  [`RUN wget ${cdn}/edge/main/x86_64/x.tar.gz`, []],
  [`RUN apk add x; ${`${cdn}/edge/main `.repeat(10_000)}`, ['edge/main']],
]
for (const [command, named] of cases) {
  test(`repositories of ${JSON.stringify(command.slice(0, 80))}`, () => {
    expect(repositoriesOfCommand(command).map(({branch, name}) => `${branch}/${name ?? ''}`)).toEqual(named)
  })
}
