import type {Warning} from '../model/warning.js'
import type {RootView} from '../rootfs/index.js'
import {installedDatabase, type KeptText, smallText} from './collectors.js'
import {decodeText} from './text.js'

/** A text file of the target, found where a container would find it. */
export interface FoundText {
  /** Where it really is, without links. */
  readonly path: string
  /** The layer that its bytes came in. */
  readonly layer: number
  readonly bytes: Uint8Array
  readonly text: () => string
}

/** Reads files of the view by the paths that programs use, through links; what cannot be read is a warning. */
export class FactReader {
  readonly #view: RootView
  readonly #warn: (warning: Warning) => void

  constructor(view: RootView, warn: (warning: Warning) => void) {
    this.#view = view
    this.#warn = warn
  }

  /** @returns null where there is no such file */
  small(path: string): Promise<FoundText | null> {
    return this.#find(path, smallText)
  }

  database(path: string): Promise<FoundText | null> {
    return this.#find(path, installedDatabase)
  }

  /** Names in a folder, sorted; none where there is no such folder. */
  names(path: string): readonly string[] {
    const found = this.#view.resolve(path)
    return typeof found === 'string' || found.node.type !== 'directory' ? [] : [...found.node.children.keys()].sort()
  }

  async #find(path: string, collector: typeof smallText): Promise<FoundText | null> {
    const found = this.#view.resolve(path)
    if (found === 'missing' || found === 'not-a-directory') return null
    if (found === 'loop') {
      this.#warn({
        code: 'LINK_LOOP',
        path,
        message: `${path} is behind a loop of symbolic links: not read`,
        hides: true,
      })
      return null
    }
    const {node} = found
    if (node.type !== 'file') {
      this.#warn({code: 'NOT_A_FILE', path, message: `${path} is a ${node.type}: not read`, hides: true})
      return null
    }
    const kept: KeptText | undefined =
      node.size === 0 ? {bytes: new Uint8Array(0), cut: false} : await this.#view.read(node, collector)
    if (kept === undefined) return null
    if (kept.cut) {
      const message = `${path} has ${node.size} bytes; only the first ${collector.limitBytes} were read`
      this.#warn({code: 'LIMIT_FILE_SIZE', path, layer: node.layer, message, hides: true})
    }
    return {path: found.path, layer: node.content.layer, bytes: kept.bytes, text: () => decodeText(kept.bytes)}
  }
}
