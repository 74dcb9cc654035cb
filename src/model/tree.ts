import type {Brand} from './brand.js'

/** A clean path inside the image: no leading or trailing slash, no empty, `.` or `..` components. `''` is the root. */
export type ImagePath = Brand<string, 'ImagePath'>

export type EntryType = 'file' | 'directory' | 'symlink' | 'hardlink' | 'char' | 'block' | 'fifo'

/** One entry of a layer's tar, or of a folder. */
export interface Entry {
  readonly path: ImagePath
  readonly type: EntryType
  /** Bytes of content; 0 for all but regular files. */
  readonly size: number
  /** Permission bits with setuid, setgid and sticky: 0o7777. */
  readonly mode: number
  readonly uid: number
  readonly gid: number
  /** Of a symbolic link: the text as it is. Of a hard link: the target's path. Else ''. */
  readonly linkTarget: string
  /** The value of `security.capability`, where the file carries one. */
  readonly capability?: Uint8Array
}

/** What stands at one path of the merged view. */
export type Node = DirectoryNode | FileNode | SymlinkNode | SpecialNode

interface NodeBase {
  /** Index of the layer that last wrote this name. */
  readonly layer: number
  readonly mode: number
  readonly uid: number
  readonly gid: number
}

export interface DirectoryNode extends NodeBase {
  readonly type: 'directory'
  readonly children: Map<string, Node>
}

/** A name of a regular file. Names that are hard links to each other share one `content`. */
export interface FileNode extends NodeBase {
  readonly type: 'file'
  readonly size: number
  readonly capability: Uint8Array | null
  readonly content: FileContent
}

/** Where the bytes of a file came from, and what was read of them. */
export interface FileContent {
  readonly layer: number
  /** The entry's own path in that layer: links may have led it elsewhere in the view. */
  readonly entryPath: ImagePath
  /** What collectors read, by collector name. */
  readonly found: ReadonlyMap<string, unknown>
}

export interface SymlinkNode extends NodeBase {
  readonly type: 'symlink'
  readonly target: string
}

export interface SpecialNode extends NodeBase {
  readonly type: 'char' | 'block' | 'fifo'
}
