import {parseInstalled} from '../../../src/apk/installed.js'
import {locator, mapLayers, parseDockerfile} from '../../../src/dockerfile/index.js'
import {apkRecord} from '../../support/alpine.js'
import {pack, unpack} from '../seeds.js'
import {type FuzzTarget, insist} from '../target.js'

const {packages} = parseInstalled(Buffer.from(apkRecord({name: 'curl', version: '1-r0', provides: 'cmd:curl=1'})), 'db')

/** A Dockerfile beside a history: every layer has a line that is there, or the Dockerfile is refused with its line. */
export const target: FuzzTarget = {
  name: 'dockerfile',
  dictionary: [
    ...[
      'FROM ',
      'AS ',
      'RUN ',
      'COPY --from=',
      'ADD ',
      'ENV A=',
      'ARG A=',
      'ONBUILD ',
      'WORKDIR ',
      '# escape=`\n',
      '# syntax=',
      '\\\n',
    ],
    ...[
      '<<EOF\n',
      '<<-"E"\n',
      'EOF\n',
      '$\u007bA:-',
      '$\u007bA:+',
      '$A',
      '["',
      '"]',
      '--mount=type=',
      'apk add ',
      '&& ',
      ' # buildkit',
      '/bin/sh -c ',
    ],
    ...['#(nop) ', '|1 A=b ', '\r\n', '\t', '"', "'", '`'],
  ],
  mostBytes: 8 * 1024,
  *seeds() {
    const text =
      'ARG V=3\nFROM golang AS b\nRUN go build\nFROM alpine:$\u007bV}\nENV A=$V B="x y"\nRUN apk add --no-cache \\\n  # why\n  curl \\\n  git\nCOPY --from=b /x /y\nRUN <<EOF\necho a\nEOF\nCMD ["sh"]\n'
    yield pack([
      text,
      'ADD rootfs / # buildkit\nRUN /bin/sh -c apk add --no-cache   curl   git # buildkit\nCOPY /x /y # buildkit\nRUN /bin/sh -c <<EOF\n',
    ])
    yield pack([
      '# escape=`\nFROM a AS x\nONBUILD RUN y\nFROM x\nWORKDIR /a\nRUN ["a", "b"]\n',
      '/bin/sh -c #(nop) WORKDIR /a\n/bin/sh -c a b\n|1 A=b /bin/sh -c x',
    ])
  },
  run(input) {
    const [text = '', history = ''] = unpack(input, 2).map(part => Buffer.from(part).toString('utf8'))
    const lines = history.split('\n', 200).map(createdBy => ({createdBy, emptyLayer: createdBy.startsWith('!')}))
    const diffIDs = lines.filter(({emptyLayer}) => !emptyLayer)
    const dockerfile = parseDockerfile(text)
    const map = mapLayers({dockerfile: {path: 'Dockerfile', text}, target: null, history: lines, diffIDs})
    insist(map.layers.length === diffIDs.length, 'there is one answer for each layer')
    for (const {location} of map.layers) {
      if (location !== null)
        insist(location.startLine >= 1 && location.startLine <= dockerfile.lines.length, 'a line is in the file')
    }
    const locate = locator(map, packages)
    for (let layer = 0; layer < Math.min(5, diffIDs.length); layer++) locate({layer, origin: 'curl'} as never)
  },
}
