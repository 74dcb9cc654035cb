import {type BodyWriter, type TarMember, type TarSink, TarWalker} from '../../../src/archive/tar.js'
import {memberSource, walkTar} from '../../../src/archive/tar-source.js'
import {memorySource} from '../../../src/bytes/source.js'
import {PitonError} from '../../../src/model/errors.js'
import {file, folder, gnuLong, hardlink, pax, symlink, tarOf} from '../../support/tar.js'
import {Random} from '../random.js'
import {sharedFiles} from '../seeds.js'
import {mendTar} from '../tar-mend.js'
import {type FuzzTarget, insist} from '../target.js'

/** Bytes of each body that are compared. */
const comparedBytes = 4096

/** What a reader made of a tar: its members, and how it ended. */
class Reading implements TarSink {
  readonly lines: string[] = []

  member(member: TarMember): BodyWriter | null {
    const {capability, fragments, ...rest} = member
    const at = this.lines.push(JSON.stringify({...rest, capability: capability?.length, fragments})) - 1
    // Some bodies are passed over: the walker goes another way there.
    if (member.size % 3 === 1) return null
    let body = ''
    return {
      limit: comparedBytes,
      write: chunk => {
        if (body.length < comparedBytes) body += Buffer.from(chunk).toString('latin1')
      },
      end: () => {
        this.lines[at] += body.slice(0, comparedBytes)
      },
    }
  }

  attempt(read: () => void): this {
    try {
      read()
    } catch (error) {
      if (!(error instanceof PitonError)) throw error
      this.lines.push(error.code)
    }
    return this
  }
}

/** A tar is the same however its bytes come: at once, in pieces, one by one, or read at offsets. */
export const target: FuzzTarget = {
  name: 'tar',
  dictionary: [
    ...[
      'ustar\u000000',
      'ustar  \0',
      '././@LongLink',
      'PaxHeaders/',
      'path=',
      'linkpath=',
      'size=',
      'uid=',
      '.wh.',
      '..',
      '/',
    ],
    ...[
      'GNU.sparse.map=0,1',
      'GNU.sparse.major=1',
      'GNU.sparse.realsize=',
      'GNU.sparse.numblocks=',
      'GNU.sparse.name=',
      '\n',
    ],
    'SCHILY.xattr.security.capability=',
    new Uint8Array([0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0]),
    new Uint8Array(512),
  ],
  mend: mendTar,
  *seeds() {
    yield tarOf([
      folder('etc'),
      file('etc/a', 'text'),
      symlink('b', 'etc/a'),
      hardlink('c', 'etc/a'),
      file('d'.repeat(99)),
    ])
    yield tarOf([gnuLong('L', 'long/'.repeat(60)), file('x', 'body'), gnuLong('K', '/'.repeat(300)), symlink('l', 'x')])
    yield tarOf([
      pax({path: 'é/ü', size: '3', uid: '5000000000'}),
      file('x', 'abc'),
      pax({comment: 'x'}, 'g'),
      file('y'),
    ])
    const map = {
      'GNU.sparse.major': '0',
      'GNU.sparse.minor': '1',
      'GNU.sparse.size': '9000',
      'GNU.sparse.map': '0,3,8000,2',
    }
    yield tarOf([pax(map), file('s', 'abcde')])
    const head = Buffer.from('2\n0\n3\n8000\n2\n')
    const inData = {
      'GNU.sparse.major': '1',
      'GNU.sparse.minor': '0',
      'GNU.sparse.realsize': '9000',
      'GNU.sparse.name': 'n',
    }
    yield tarOf([pax(inData), file('s', Buffer.concat([head, Buffer.alloc(512 - head.length), Buffer.from('abcde')]))])
    yield* sharedFiles('corpus/hostile/cases', /^tar-.*\.tar$/, 40_000)
    yield* sharedFiles('corpus/hostile/real', /\.tar$/, 40_000)
  },
  run(input) {
    const whole = new Reading()
    whole.attempt(() => {
      const walker = new TarWalker(whole, 'tar')
      walker.push(input)
      walker.end()
    })
    const random = new Random(input.length)
    const split = new Reading()
    split.attempt(() => {
      const walker = new TarWalker(split, 'tar')
      for (let at = 0; at < input.length; ) {
        const size = 1 + random.below(random.chance(2) ? 8 : 2000)
        walker.push(input.subarray(at, at + size))
        at += size
      }
      walker.end()
    })
    insist(whole.lines.join() === split.lines.join(), 'a tar in pieces is the same')
    const atOffsets = new Reading()
    const source = memorySource(input)
    atOffsets.attempt(() => walkTar(source, new Bodies(atOffsets, source), 'tar'))
    insist(whole.lines.join() === atOffsets.lines.join(), 'a tar that is read at offsets is the same')
  },
}

/** Reads the bodies where they stand. */
class Bodies implements TarSink {
  readonly #reading: Reading
  readonly #source: ReturnType<typeof memorySource>

  constructor(reading: Reading, source: ReturnType<typeof memorySource>) {
    this.#reading = reading
    this.#source = source
  }

  member(member: TarMember): null {
    const writer = this.#reading.member(member)
    const source = memberSource(this.#source, member)
    const end = member.offset + member.storedSize
    // Of a body that is cut off the stream has no end to hear of.
    if (writer !== null && end <= this.#source.sizeBytes) {
      writer.write(source.read(0, comparedBytes))
      writer.end()
    }
    return null
  }
}
