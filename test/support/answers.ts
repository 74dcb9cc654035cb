import {createHash} from 'node:crypto'
import {existsSync, readdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'

interface Answer {
  said: [fd: number, text: string][]
}

/** The files of kept answers in a cache. */
export function answersIn(home: string): string[] {
  const folder = join(home, 'piton/answers')
  return existsSync(folder) ? readdirSync(folder).map(name => join(folder, name)) : []
}

/** What is printed where an answer is given that {@link markAnswers} has marked. */
export const mark = 'this was kept\n'

/** Makes every kept answer one that can be told from what the program says. */
export function markAnswers(home: string): void {
  for (const file of answersIn(home)) {
    const answer: Answer = JSON.parse(readFileSync(file).subarray(32).toString('utf8'))
    answer.said = [[1, mark]]
    const bytes = Buffer.from(JSON.stringify(answer))
    writeFileSync(file, Buffer.concat([createHash('sha256').update(bytes).digest(), bytes]))
  }
}
