import {mkdirSync, symlinkSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {type Collector, mergeLayers} from '../../src/rootfs/index.js'
import {openSource} from '../../src/source/index.js'
import {temporaryFile, temporaryFolder} from '../support/files.js'
import {treeOf} from '../support/layers.js'
import {tarOf} from '../support/tar.js'

const content: Collector<string> = {
  name: 'content',
  wants: () => true,
  limitBytes: 1000,
  read: body => Buffer.from(body.read(0, 1000)).toString(),
}

async function read(
  target: string,
): Promise<{readonly tree: readonly string[]; readonly warnings: readonly unknown[]}> {
  const image = await openSource(target, {platform: null, verify: false})
  try {
    const view = await mergeLayers(image, [content], () => {})
    return {tree: treeOf(view, content), warnings: view.warnings}
  } finally {
    image.close()
  }
}

/** Latin-1, bytes that begin a sequence and do not end it, what Node puts for such bytes, and what is only unusual. */
const names = ['caf\xe9', 'n\xff\xfe', 'g\xc3(', '\xef\xbf\xbd', 'caf\xc3\xa9', '\xf0\x9f\x8e\x89'].map(name =>
  Buffer.from(name, 'latin1'),
)

test.skipIf(process.platform !== 'linux')(
  'names that are not UTF-8 are the same in a folder and in a tarball',
  async () => {
    const folder = temporaryFolder()
    const at = (...parts: Buffer[]) => Buffer.concat([Buffer.from(`${folder}/`), ...parts])
    for (const name of names) writeFileSync(at(name), name.toString('hex'))
    mkdirSync(at(Buffer.from('d\xe9', 'latin1')))
    writeFileSync(at(Buffer.from('d\xe9/inside', 'latin1')), 'x')
    symlinkSync(names[0] as Buffer, join(folder, 'link'))

    const tar = tarOf([
      ...names.map(name => ({name, body: name.toString('hex')})),
      {name: Buffer.from('d\xe9/inside', 'latin1'), body: 'x'},
    ])
    const [asFolder, asTar] = [await read(`rootfs:${folder}`), await read(`rootfs:${temporaryFile(tar)}`)]
    expect(asFolder.warnings).toEqual([])
    // PEP 383: U+DC00 and the byte.
    expect(asFolder.tree).toContain('caf\udce9 = 636166e9')
    expect(asFolder.tree).toContain('link -> caf\udce9')
    expect(asFolder.tree.filter(line => !line.startsWith('link'))).toEqual(asTar.tree)
  },
)
