import type {HelpedCommands} from '../help/overview.js'
import {bashScript} from './bash.js'
import {fishScript} from './fish.js'
import {completedProgram} from './words.js'
import {zshScript} from './zsh.js'

/** Shells that piton knows, each with how its script is put to use. */
export const shells = {
  bash: {script: bashScript, setUp: "echo 'source <(piton completion bash)' >> ~/.bashrc"},
  zsh: {script: zshScript, setUp: "echo 'source <(piton completion zsh)' >> ~/.zshrc"},
  fish: {script: fishScript, setUp: 'piton completion fish > ~/.config/fish/completions/piton.fish'},
} as const
export type Shell = keyof typeof shells

export function completionScript(shell: Shell, commands: HelpedCommands): string {
  return shells[shell].script(completedProgram(commands))
}

/** What to type, for each shell. */
export function setUpText(): string {
  const lines = Object.entries(shells).map(([shell, {setUp}]) => `  ${shell.padEnd(4)}  ${setUp}`)
  return `To complete commands, flags, values and files with the Tab key, once:\n\n${lines.join('\n')}\n\nThen open a new shell. In ~/.zshrc the line stands after compinit.\n`
}
