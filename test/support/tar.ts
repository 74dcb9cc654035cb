/** One member of a tar that a test builds. */
export interface TarItem {
  readonly name: string | Uint8Array
  readonly type?: string
  readonly body?: string | Uint8Array
  readonly link?: string
  readonly mode?: number
  readonly uid?: number
  readonly gid?: number
  /** What the header says, where it is not the length of the body. */
  readonly size?: number
  readonly magic?: string
  readonly prefix?: string
  /** Bytes over the header before its checksum is made. */
  readonly patch?: (header: Buffer) => void
  readonly checksum?: number
}

const end = Buffer.alloc(1024)

/** A tar with an end mark. */
export function tarOf(items: readonly TarItem[]): Buffer {
  return Buffer.concat([...items.map(member), end])
}

export const file = (name: string, body: string | Uint8Array = '', more: Partial<TarItem> = {}): TarItem => ({
  name,
  body,
  ...more,
})
export const folder = (name: string, more: Partial<TarItem> = {}): TarItem => ({
  name: `${name}/`,
  type: '5',
  mode: 0o755,
  ...more,
})
export const symlink = (name: string, link: string): TarItem => ({name, type: '2', link, mode: 0o777})
export const hardlink = (name: string, link: string): TarItem => ({name, type: '1', link})

/** A PAX header for the next member. */
export function pax(records: Readonly<Record<string, string | Uint8Array>>, type = 'x'): TarItem {
  const parts = Object.entries(records).map(([key, value]) => {
    const rest = Buffer.concat([Buffer.from(` ${key}=`), Buffer.from(value), Buffer.from('\n')])
    let length = rest.length + 1
    while (String(length).length + rest.length !== length) length = String(length).length + rest.length
    return Buffer.concat([Buffer.from(String(length)), rest])
  })
  return {name: 'PaxHeaders/x', type, body: Buffer.concat(parts)}
}

/** A GNU long name (`L`) or long link (`K`) for the next member. */
export function gnuLong(type: 'L' | 'K', name: string): TarItem {
  return {name: '././@LongLink', type, body: `${name}\0`}
}

/** Header, body and padding of one member. */
export function member(item: TarItem): Buffer {
  const body = Buffer.from(item.body ?? '')
  const header = Buffer.alloc(512)
  Buffer.from(item.name).copy(header, 0, 0, 100)
  header.write(octal(item.mode ?? 0o644, 8), 100)
  header.write(octal(item.uid ?? 0, 8), 108)
  header.write(octal(item.gid ?? 0, 8), 116)
  header.write(octal(item.size ?? body.length, 12), 124)
  header.write(octal(0, 12), 136)
  header.write(item.type ?? '0', 156)
  header.write(item.link ?? '', 157, 100)
  header.write(item.magic ?? 'ustar\u000000', 257, 'latin1')
  header.write(item.prefix ?? '', 345, 155)
  item.patch?.(header)
  header.fill(' ', 148, 156)
  const sum = item.checksum ?? header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return Buffer.concat([header, body, Buffer.alloc((512 - (body.length % 512)) % 512)])
}

function octal(value: number, width: number): string {
  return `${value.toString(8).padStart(width - 1, '0')}\0`
}
