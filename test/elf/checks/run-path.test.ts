import {expect, test} from 'vitest'
import {memorySource} from '../../../src/bytes/source.js'
import {checkRunPath, type ImageView} from '../../../src/elf/checks/run-path.js'
import {readElf} from '../../../src/elf/read.js'
import type {Verdict} from '../../../src/model/verdict.js'
import {type ElfSpec, elfOf} from '../../support/elf.js'

const image: ImageView = {
  path: 'opt/app/bin/x',
  folder: folder => (folder === '/opt/app/lib' ? 'safe' : folder === '/srv/drop' ? 'writable' : 'missing'),
}
const judge = (spec: ElfSpec, view?: ImageView) => checkRunPath(readElf(memorySource(elfOf(spec).bytes), 'x'), view)

// biome-ignore lint/suspicious/noTemplateCurlyInString: the loader's own syntax
const braced = '${ORIGIN}'
const byText: [runpath: string, verdict: Verdict, evidence: string][] = [
  ['/usr/lib/app', 'yes', 'DT_RUNPATH /usr/lib/app'],
  ['$ORIGIN/../lib', 'yes', 'DT_RUNPATH $ORIGIN/../lib'],
  [braced, 'yes', `DT_RUNPATH ${braced}`],
  ['$LIB', 'yes', 'DT_RUNPATH $LIB'],
  ['', 'no', 'DT_RUNPATH: "" is empty'],
  ['/usr/lib:', 'no', 'DT_RUNPATH: "" is empty'],
  ['lib', 'no', '"lib" is relative'],
  ['.', 'no', '"." is relative'],
  ['../lib:/usr/lib', 'no', '"../lib" is relative'],
  ['$ORIGINAL/lib', 'yes', 'DT_RUNPATH $ORIGINAL/lib'],
  ['/tmp/lib:/opt/app/lib', 'no', '"/tmp/lib" is in /tmp'],
  ['/usr/../tmp', 'no', '"/usr/../tmp" is in /tmp'],
  ['/home/me/build', 'no', '"/home/me/build" is in /home'],
  ['/tmpfiles', 'yes', 'DT_RUNPATH /tmpfiles'],
  ['/../lib', 'no', 'climbs out of the image'],
]
for (const [runpath, verdict, evidence] of byText) {
  test(`${JSON.stringify(runpath)} alone: ${verdict}`, () => {
    expect(judge({runpath})).toMatchObject({verdict, evidence: expect.stringContaining(evidence), value: runpath})
  })
}

const inImage: [runpath: string, verdict: Verdict, evidence: string][] = [
  ['/opt/app/lib', 'yes', 'DT_RUNPATH /opt/app/lib'],
  ['$ORIGIN/../lib', 'yes', 'DT_RUNPATH $ORIGIN/../lib'],
  ['$ORIGIN/../../../../lib', 'no', 'climbs out of the image'],
  ['$ORIGIN/../../../srv/drop', 'no', 'may be written to by others than root'],
  ['/srv/drop', 'no', 'may be written to by others than root'],
  ['/opt/gone', 'no', '"/opt/gone" does not exist'],
  ['/usr/lib/x86_64-linux-gnu', 'yes', 'DT_RUNPATH /usr/lib'],
  ['/lib', 'yes', 'DT_RUNPATH /lib'],
  ['$ORIGIN/plugins', 'yes', 'DT_RUNPATH $ORIGIN/plugins'],
]
for (const [runpath, verdict, evidence] of inImage) {
  test(`${runpath} in an image: ${verdict}`, () => {
    expect(judge({runpath}, image)).toMatchObject({verdict, evidence: expect.stringContaining(evidence)})
  })
}

const others: [name: string, spec: ElfSpec, verdict: Verdict][] = [
  ['no run path', {}, 'yes'],
  ['DT_RPATH', {rpath: '/tmp'}, 'no'],
  ['DT_RUNPATH replaces DT_RPATH', {rpath: '/tmp', runpath: '/usr/lib'}, 'yes'],
  ['static', {type: 2, interpreter: null, dynamic: null}, 'not-applicable'],
  ['a run path that cannot be read', {dynamic: [[29, 0x7fffffff]]}, 'unknown'],
]
for (const [name, spec, verdict] of others) test(name, () => expect(judge(spec).verdict).toBe(verdict))
