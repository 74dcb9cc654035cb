import {listZip, readZipEntry} from '../../../src/archive/zip.js'
import {memorySource} from '../../../src/bytes/source.js'
import {readJavaArchive} from '../../../src/facts/native/java-archive.js'
import {PitonError} from '../../../src/model/errors.js'
import {elfOf} from '../../support/elf.js'
import {zipOf} from '../../support/zip.js'
import {type FuzzTarget, insist} from '../target.js'

/** Zip archives and what Java puts into them. */
export const target: FuzzTarget = {
  name: 'zip',
  dictionary: [
    'PK\u0001\u0002',
    'PK\u0003\u0004',
    'PK\u0005\u0006',
    'PK\u0006\u0006',
    'PK\u0006\u0007',
    '.so',
    '.jar',
    'linux/x64/',
    new Uint8Array(8).fill(0xff),
  ],
  mostBytes: 32 * 1024,
  *seeds() {
    const library = elfOf({needed: ['libc.so.6'], sections: false}).bytes
    const inner = zipOf([{name: 'linux/x64/libb.so', body: library, deflated: true}])
    yield zipOf([
      {name: 'a.txt', body: Buffer.from('text')},
      {name: 'linux/x64/liba.so', body: library, deflated: true},
    ])
    yield zipOf(
      [
        {name: 'BOOT-INF/lib/x.jar', body: inner},
        {name: 'y.jar', body: inner, deflated: true},
      ],
      {large: true, comment: 'c'},
    )
  },
  run(input) {
    const source = memorySource(input)
    readJavaArchive(source, 'x.jar', ({message}) => insist(message.length < 10_000, 'a warning is a sentence'))
    for (const entry of listZip(source, 'x.jar')) {
      try {
        const {sizeBytes} = readZipEntry(source, entry, 1 << 20, entry.name)
        insist(sizeBytes <= 1 << 20, 'no entry is larger than it may be')
      } catch (error) {
        if (!(error instanceof PitonError)) throw error
      }
    }
  },
}
