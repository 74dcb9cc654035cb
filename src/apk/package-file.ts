import {createHash} from 'node:crypto'
import {inflateHead, inflateMember} from '../archive/gzip-member.js'
import {latin1} from '../archive/names.js'
import {type BodyWriter, TarWalker} from '../archive/tar.js'
import {blockBytes, hasTarChecksum} from '../archive/tar-header.js'
import {type ByteSource, copyBytes} from '../model/bytes.js'
import {ApkError} from '../model/errors.js'
import {limits} from '../model/limits.js'
import {packageInfoPath} from '../model/package.js'
import {type PackageInfo, parsePackageInfo} from './package-info.js'

/** A package file of apk 2: what it says of itself, and where its files begin. */
export interface PackageFile extends PackageInfo {
  /** Is there a signature? Nobody has checked it. */
  readonly isSigned: boolean
  /** Where the compressed tar of the files begins; the end of the file where there is none. */
  readonly dataOffset: number
}

/** Signature and control; a second signature may be a member of its own. */
const membersBeforeData = 4

/** Is this the beginning of an apk 2 package: gzip, and in it a signature or what the package says of itself? */
export function isPackageFile(head: Uint8Array): boolean {
  const tar = inflateHead(head)
  if (tar.length < blockBytes || !hasTarChecksum(tar)) return false
  const name = latin1(tar, 0, 100).replace(/\0.*$/s, '')
  // Behind a PAX header, which tells of the member after it.
  return /(?:^|\/)\.(?:SIGN\.|PKGINFO$)/.test(name)
}

/** Is this the beginning of an apk 3 package or index, plain or compressed (`ADB.`, `ADBd`, `ADBc`)? */
export function isDatabaseFile(head: Uint8Array): boolean {
  return /^ADB[.dc]/.test(latin1(head, 0, 4))
}

/**
 * Reads the parts of a package file before its files: gzip members that are a tar each, without an end mark.
 * @param where names the file in errors
 * @throws {ApkError}, {ArchiveError}
 * @see apk-tools 2.14, apk-package(5), "Package format v2"
 */
export function readPackageFile(file: ByteSource, where: string): PackageFile {
  let isSigned = false
  let offset = 0
  for (let member = 0; member < membersBeforeData && offset < file.sizeBytes; member++) {
    const {bytes, end} = inflateMember(file, offset, limits.apkControlBytes, `the control part of ${where}`)
    const control = new ControlPart()
    const walker = new TarWalker(control, where)
    walker.push(bytes)
    walker.end()
    if (control.info !== null) {
      const info = parsePackageInfo(control.info, where)
      // As in an index: the control part, as it stands, is the identity of the package.
      const checksum = `Q1${createHash('sha1')
        .update(file.read(offset, end - offset))
        .digest('base64')}`
      return {
        ...info,
        package: {...info.package, checksum, sizeBytes: file.sizeBytes},
        isSigned,
        dataOffset: end,
      }
    }
    isSigned ||= control.isSignature
    offset = end
  }
  throw new ApkError('APK_BAD_RECORD', `there is no ${packageInfoPath} at the beginning of ${where}`, {
    hint: 'It is no package that apk 2 makes, or is cut off.',
  })
}

/** Keeps `.PKGINFO`; the scripts beside it are not wanted. */
class ControlPart {
  info: Uint8Array | null = null
  isSignature = false

  member({name, size}: {readonly name: string; readonly size: number}): BodyWriter | null {
    if (name.startsWith('.SIGN.')) this.isSignature = true
    if (name !== packageInfoPath) return null
    const chunks: Uint8Array[] = []
    return {
      limit: size,
      write: chunk => chunks.push(copyBytes(chunk)),
      end: () => {
        this.info = Buffer.concat(chunks)
      },
    }
  }
}
