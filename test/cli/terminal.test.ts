import {expect, test} from 'vitest'
import {rewritesLines, terminalOptions} from '../../src/cli/terminal.js'

const terminal = {isTTY: true, columns: 80}
const pipe = {isTTY: false, columns: 0}

/** As https://no-color.org and https://force-color.org say. */
const colours: [env: Record<string, string>, onTerminal: boolean, inPipe: boolean][] = [
  [{}, true, false],
  [{NO_COLOR: '1'}, false, false],
  [{NO_COLOR: ''}, true, false],
  [{FORCE_COLOR: '1'}, true, true],
  [{FORCE_COLOR: 'true'}, true, true],
  [{FORCE_COLOR: ''}, true, false],
  [{FORCE_COLOR: '0'}, false, false],
  [{FORCE_COLOR: 'false'}, false, false],
  [{NO_COLOR: '1', FORCE_COLOR: '1'}, false, false],
  [{TERM: 'dumb'}, false, false],
  [{TERM: 'dumb', FORCE_COLOR: '1'}, true, true],
]
test.each(colours)('%j: colours', (env, onTerminal, inPipe) => {
  expect([terminalOptions(env, terminal).color, terminalOptions(env, pipe).color]).toEqual([onTerminal, inPipe])
})

/** Since when terminals show OSC 8 links: https://github.com/Alhadis/OSC8-Adoption. */
const links: [env: Record<string, string>, onTerminal: boolean][] = [
  [{TERM: 'xterm-256color'}, false],
  [{TERM: 'xterm-kitty'}, true],
  [{TERM: 'foot'}, true],
  [{TERM: 'football'}, false],
  [{VTE_VERSION: '4602'}, false],
  [{VTE_VERSION: '5000'}, false],
  [{VTE_VERSION: '5202'}, true],
  [{VTE_VERSION: 'x'}, false],
  [{TERM_PROGRAM: 'iTerm.app', TERM_PROGRAM_VERSION: '3.0.9'}, false],
  [{TERM_PROGRAM: 'iTerm.app', TERM_PROGRAM_VERSION: '3.4.1'}, true],
  [{TERM_PROGRAM: 'vscode', TERM_PROGRAM_VERSION: '1.9.0'}, false],
  [{TERM_PROGRAM: 'vscode', TERM_PROGRAM_VERSION: '1.93.1'}, true],
  [{TERM_PROGRAM: 'WezTerm', TERM_PROGRAM_VERSION: '20240203-110809-5046fc22'}, true],
  [{TERM_PROGRAM: 'constructor'}, false],
  [{TERM_PROGRAM: 'Apple_Terminal', TERM_PROGRAM_VERSION: '453'}, false],
  [{WT_SESSION: 'x'}, true],
  [{WT_SESSION: 'x', NO_COLOR: '1'}, false],
  [{WT_SESSION: 'x', FORCE_COLOR: '0'}, false],
  [{WT_SESSION: 'x', TERM: 'dumb'}, false],
  [{WT_SESSION: 'x', CI: 'true'}, false],
  [{WT_SESSION: 'x', FORCE_HYPERLINK: '0'}, false],
]
test.each(links)('%j: links', (env, onTerminal) => {
  expect([terminalOptions(env, terminal).links, terminalOptions(env, pipe).links]).toEqual([onTerminal, false])
})

test('links can be forced into a pipe', () => {
  expect(terminalOptions({FORCE_HYPERLINK: '1'}, pipe).links).toBe(true)
})

test('lines are rewritten on a terminal that can', () => {
  expect([rewritesLines(terminal, {}), rewritesLines(terminal, {TERM: 'dumb'}), rewritesLines(pipe, {})]).toEqual([
    true,
    false,
    false,
  ])
})
