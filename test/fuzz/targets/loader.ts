import {
  type LoaderRoot,
  libraryOf,
  listedExports,
  MuslLoader,
  type MuslMachine,
  modelFile,
  muslMachines,
} from '../../../src/musl/index.js'
import {dynamicOf, R, rootOf} from '../../support/elf-dynamic.js'
import {pack, sharedFiles, unpack} from '../seeds.js'
import {type FuzzTarget, insist} from '../target.js'

const interpreter = '/lib/ld-musl-x86_64.so.1'
const machine = muslMachines.find(({name}) => name === 'x86_64') as MuslMachine
const musl = {version: [1, 2, 5], exports: listedExports(new Set(['printf', '__libc_start_main', 'stdin']))} as const
const program = dynamicOf({
  interpreter,
  needed: ['libc.so', 'liba.so'],
  uses: [
    ['a', R.call],
    ['b', R.got],
  ],
})
const library = dynamicOf({
  defines: ['a', 'b'],
  uses: [
    ['printf', R.call],
    ['t', R.tpoff],
  ],
  needed: ['libc.so', 'libb.so'],
  runpath: '$ORIGIN',
})
const other = dynamicOf({
  defines: ['c'],
  needed: ['liba.so'],
  uses: [
    ['a', R.copy],
    ['', R.irelative],
  ],
  hashes: ['sysv'],
  relr: [0x100, 7],
})

/** A program and its libraries, all made up: musl's loader has a verdict, or says that it would take too long. */
export const target: FuzzTarget = {
  name: 'loader',
  dictionary: [
    'liba.so\0',
    'libb.so\0',
    'libc.so\0',
    '$ORIGIN',
    '$\u007bORIGIN}/x',
    '/lib:',
    'printf\0',
    'libc.musl-x86_64.so.1\0',
  ],
  mostBytes: 48 * 1024,
  *seeds() {
    yield pack([program, library, other])
    yield pack([library, program, library])
    for (const bytes of sharedFiles('corpus/elf/bin', /^d0[0-3][0-9]/, 20_000)) yield pack([bytes, library, other])
  },
  run(input) {
    const [first = program, second = library, third = other] = unpack(input, 3)
    const root = rootOf({'/bin/p': first, '/lib/liba.so': second, '/lib/libb.so': third})
    const withMusl: LoaderRoot = {
      open: path => (path === interpreter ? modelFile(path, libraryOf('x86_64', musl.exports)) : root.open(path)),
    }
    const loader = new MuslLoader(withMusl, {machine, musl})
    for (const path of ['/bin/p', '/lib/liba.so', '/lib/libb.so']) {
      const [once, again] = [loader.judge(path), loader.judge(path)].map(verdict => JSON.stringify(verdict))
      insist(once === again, 'a verdict is the same twice')
    }
    loader.judge('/lib/libb.so', {host: '/bin/p'})
  },
}
