import {gzipSync} from 'node:zlib'
import {decompress} from '../../../src/archive/compression.js'
import {file, tarOf} from '../../support/tar.js'
import {rawFrame, skippableFrame, zstdBlock, zstdHeader} from '../../support/zstd.js'
import {Random} from '../random.js'
import {sharedFiles} from '../seeds.js'
import type {FuzzTarget} from '../target.js'

/** Output after which the input has shown what it is. */
const enoughBytes = 16 * 1024 * 1024

/** A text of packages, written by zstd 1.5 (-19 --check) and XZ Utils 5.4. */
const written = {
  zstd: 'KLUv/WSOBK0FACLPIBOgazhEq62uKu5bSplSSiK/XxU8MjLHj9frdPp8/v++3/c8v+9y+eHD5TKZPB7ft23XNU3Ps1h89Gi1SqVOp+/rum3LsusqlR48WCwSicPheZpmWZLkOAqFx47VajTabPZ9ntd1HLdtMtlxVBHN/HZLAhYIgiIgDcEGC0xgOBASBQIjd6gRkPj9z+DnAGNE4vlCpmhZ0VqhtaK1RGtFy4rWCt9NFQoCAgAgDAgIogCZUxW4pFzS',
  xz: '/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj4AWNAMFdADgYSJnNF3UkWVKLySUrd+9D73OjJLubmihwYR1Xtfwd8q7wOM54PQUXjgQ73HcRPjKes0+JPYCMxgIZdACgflfHloUj49E03HAzcAToF9aiyJMgpEXXfOy/MMDmkuZraOKoWRHWMQJi8tKio2q9CyTVW3uyTePhCY0SSlB/VS+B1Mh0nOL5bqsk4iHl8lXZmE1GtOYAkXFk5qVOgCRQ72184VobMQ1SPWL3v+9yloX3ElntakEjdE6HvDjms99R4QAAAAAAWbKd5FPDi1QAAd0BjgsAAHXcRlGxxGf7AgAAAAAEWVo=',
}

/** Whatever is compressed, or claims to be: bytes come out, or an error that says so. */
export const target: FuzzTarget = {
  name: 'compression',
  dictionary: [
    new Uint8Array([0x1f, 0x8b, 8, 0]),
    new Uint8Array([0x28, 0xb5, 0x2f, 0xfd]),
    new Uint8Array([0x50, 0x2a, 0x4d, 0x18, 4, 0, 0, 0]),
    new Uint8Array([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]),
    new Uint8Array([0x42, 0x5a, 0x68]),
  ],
  mostBytes: 16 * 1024,
  *seeds() {
    const tar = tarOf([file('a', 'abc'.repeat(500))])
    yield gzipSync(tar)
    yield Buffer.concat([gzipSync(tar, {level: 1}), gzipSync('second member', {level: 9})])
    yield Buffer.concat([rawFrame('text'), skippableFrame(3), rawFrame('more')])
    yield Buffer.concat([zstdHeader(12), zstdBlock('run', 'x', 1000), zstdBlock('raw', 'abc', 3, true)])
    for (const text of Object.values(written)) yield Buffer.from(text, 'base64')
    yield* sharedFiles('corpus/hostile/cases', /\.(?:gz|zst|xz)$/)
  },
  async run(input) {
    const random = new Random(input.length)
    async function* pieces() {
      for (let at = 0; at < input.length; ) {
        const size = 1 + random.below(4000)
        yield input.subarray(at, at + size)
        at += size
      }
    }
    let given = 0
    for await (const chunk of decompress(pieces(), 'input')) {
      given += chunk.length
      if (given > enoughBytes) return
    }
  },
}
