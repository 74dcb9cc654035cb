import {gzipSync} from 'node:zlib'
import {readIndexArchive} from '../../../src/apk/index-archive.js'
import {parsePackageIndex} from '../../../src/apk/package-index.js'
import {file, member, tarOf} from '../../support/tar.js'
import {mendTar} from '../tar-mend.js'
import type {FuzzTarget} from '../target.js'

/** A repository's index, as it comes after the gzip: what is in it is read, or refused. */
export const target: FuzzTarget = {
  name: 'apkindex',
  dictionary: [
    'APKINDEX',
    '.SIGN.RSA.x',
    'DESCRIPTION',
    '\nP:',
    '\nV:',
    '\np:so:',
    '\nk:',
    '\nt:',
    'ustar\u000000',
    'PaxHeaders/',
  ],
  mostBytes: 8 * 1024,
  mend: mendTar,
  *seeds() {
    yield tarOf([
      file('.SIGN.RSA.x', 'sig'),
      file('DESCRIPTION', 'x'),
      file('APKINDEX', 'P:a\nV:1-r0\np:so:b=1\nk:10\nt:1\n\n'),
    ])
    yield Buffer.concat([member(file('.SIGN', 'x')), tarOf([file('APKINDEX', 'P:a\n')])])
  },
  async run(input) {
    parsePackageIndex(await readIndexArchive(gzipSync(input, {level: 0}), 'APKINDEX.tar.gz'))
  },
}
