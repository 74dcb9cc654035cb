import {type ByteSource, copyBytes} from '../model/bytes.js'
import {limits} from '../model/limits.js'
import type {BytesPlace, Codec} from '../model/stored.js'
import type {Collector} from '../rootfs/index.js'

/** A file that is kept whole, and parsed when somebody needs it. */
export interface KeptText {
  readonly bytes: Uint8Array
  /** Was it longer than what is kept? */
  readonly cut: boolean
}

/** @param size of the file, which may be more than there is of the body */
export function keptText(body: ByteSource, limitBytes: number, size: number): KeptText {
  const bytes = body.read(0, limitBytes)
  return {bytes: body.lasting === true ? bytes : copyBytes(bytes), cut: size > limitBytes}
}

export const keptTextCodec: Codec<KeptText> = {
  pack: ({bytes, cut}, put) => ({bytes: put(bytes), cut}),
  unpack(packed, get) {
    const {bytes, cut} = packed as {readonly bytes: BytesPlace; readonly cut: boolean}
    return {bytes: get(bytes), cut}
  },
}

/** A loader reads the path file two levels above itself, and may lie anywhere. */
const smallNames =
  /^(?:etc\/(?:os-release|alpine-release|debian_version|apk\/world|apk\/repositories(?:\.d\/[^/]+)?)|usr\/lib\/os-release|(?:.*\/)?etc\/ld-musl-[^/]+\.path)$/
const databaseNames = /^(?:usr\/)?lib\/apk\/db\/installed$/

/** os-release, alpine-release, debian_version, repositories, world. */
export const smallText = keeper('smallText', smallNames, limits.smallTextBytes)

/** apk's installed database, in the two places where distributions keep it. */
export const installedDatabase = keeper('installedDatabase', databaseNames, limits.apkDatabaseBytes)

function keeper(name: string, names: RegExp, limitBytes: number): Collector<KeptText> {
  return {
    name,
    wants: ({path}) => names.test(path),
    limitBytes,
    read: (body, {size}) => keptText(body, limitBytes, size),
    // Once more while it is parsed.
    weigh: ({bytes}) => bytes.length * 2,
    readsAgain: true,
    codec: keptTextCodec,
  }
}
