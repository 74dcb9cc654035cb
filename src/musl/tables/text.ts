import {DatabaseError} from '../../model/errors.js'

/** Goes up when a reader of the old format would read a new one wrongly. */
const formatVersion = 1

/** The tables in `data/libc`, by the names of their files without `.tsv`. */
export type TableName = 'musl' | 'glibc' | 'runtime' | 'helpers' | 'remedies'

/** Where a table comes from, for its first line. */
export interface Origin {
  /** YYYY-MM-DD of the newest thing in it. */
  readonly date: string
  readonly source: string
}

/** `# piton musl 1; date=2026-03-20; source=…`, then rows of columns separated by tabs. */
export function formatRows(name: TableName, {date, source}: Origin, rows: Iterable<readonly string[]>): string {
  const lines = [`# piton ${name} ${formatVersion}; date=${date}; source=${source}`]
  for (const row of rows) lines.push(row.join('\t'))
  return `${lines.join('\n')}\n`
}

/**
 * The rows of a table.
 * @throws {DatabaseError} DATABASE_INVALID where the text is another table, or has another format
 */
export function* parseRows(name: TableName, text: string): Generator<readonly [string, ...string[]]> {
  const [header = '', ...lines] = text.split('\n')
  if (!header.startsWith(`# piton ${name} ${formatVersion};`)) {
    const message = `data/libc/${name}.tsv does not begin with "# piton ${name} ${formatVersion};"`
    throw new DatabaseError('DATABASE_INVALID', message, {hint: 'Install piton again, or run "piton db build".'})
  }
  for (const line of lines) {
    if (line === '') continue
    const [key = '', ...columns] = line.split('\t')
    yield [key, ...columns]
  }
}

/** Orders names by their code units: the same on every machine. */
export function byName([a]: readonly [string, ...unknown[]], [b]: readonly [string, ...unknown[]]): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/**
 * Names as rows of the number of characters that each shares with the one before it, and the rest: mangled names share
 * most of theirs.
 */
export function shareBeginnings(names: readonly string[]): [shared: string, rest: string][] {
  let previous = ''
  return names.toSorted().map(name => {
    let shared = 0
    while (shared < previous.length && previous[shared] === name[shared]) shared++
    previous = name
    return [String(shared), name.slice(shared)]
  })
}

/** Takes back {@link shareBeginnings}, name by name. */
export class SharedBeginnings {
  #previous = ''

  next(shared: string, rest: string): string {
    this.#previous = this.#previous.slice(0, Number(shared)) + rest
    return this.#previous
  }
}
