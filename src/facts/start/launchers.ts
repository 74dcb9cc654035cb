import type {Words} from './shell/values.js'

/** A program that starts the command in its arguments. */
interface Launcher {
  readonly names: string
  /** Options whose value is the next word. */
  readonly valued?: string
  /** Words before the command: a user, a time. */
  readonly operands?: number
  /** `NAME=value` before the command. */
  readonly assigns?: true
}

const launchers: readonly Launcher[] = [
  {names: 'tini tini-static tini-muslc', valued: '-p -e'},
  {names: 'docker-init catatonit'},
  {names: 'dumb-init', valued: '-r --rewrite'},
  {names: 'su-exec gosu', operands: 1},
  {names: 'env', valued: '-u --unset -C --chdir', assigns: true},
  {names: 'with-contenv nohup setsid time unbuffer chronic'},
  {names: 'nice', valued: '-n'},
  {names: 'ionice', valued: '-c -n'},
  {names: 'chrt taskset', operands: 1},
  {names: 'timeout', valued: '-s --signal -k --kill-after', operands: 1},
  {names: 'stdbuf', valued: '-i -o -e'},
  {
    names: 'setpriv',
    valued: '--reuid --regid --groups --inh-caps --ambient-caps --bounding-set --securebits --selinux-label',
  },
  {names: 'sudo', valued: '-u --user -g --group -h -p -C -r -t -T -U -D -R', assigns: true},
  {names: 'doas', valued: '-u -C'},
  {names: 'runuser', valued: '-u --user -g --group -G -s --shell -w'},
  {names: 'chroot setuidgid s6-setuidgid envdir s6-envdir flock', operands: 1},
  {names: 'softlimit s6-softlimit', valued: '-a -c -d -f -l -m -o -p -r -s -t'},
  {names: 'chpst', valued: '-u -U -b -e -d -o -p -f -c -t -m -s -n -l -L -/ -C'},
  {names: 'xargs', valued: '-n -P -I -L -s -a -d -E'},
  {
    names: 'dockerize',
    valued: '-template -wait -timeout -stdout -stderr -delims -wait-http-header -wait-retry-interval',
  },
  {names: 'exec command'},
]

const byName: ReadonlyMap<string, Launcher> = new Map(
  launchers.flatMap(launcher => launcher.names.split(' ').map(name => [name, launcher] as const)),
)

/** What a launcher is told to start. */
export interface Launch {
  readonly command: Words
  /** Variables that it sets. */
  readonly variables: ReadonlyMap<string, string>
}

/**
 * The command that a launcher starts.
 * @param name of the program, without folders
 * @returns null for a program that is none
 */
export function launchOf(name: string, words: Words): Launch | null {
  const launcher = byName.get(name)
  if (launcher === undefined) return null
  const valued = new Set(launcher.valued?.split(' ') ?? [])
  const variables = new Map<string, string>()
  let rest = withoutOptions(words, valued)
  for (; launcher.assigns === true; rest = rest.slice(1)) {
    const [, variable, value = ''] = /^([A-Za-z_]\w*)=([\s\S]*)$/.exec(rest[0] ?? '') ?? []
    if (variable === undefined) break
    variables.set(variable, value)
  }
  rest = rest.slice(launcher.operands ?? 0)
  return {command: rest[0] === '--' ? rest.slice(1) : rest, variables}
}

function withoutOptions(words: Words, valued: ReadonlySet<string>): Words {
  for (let at = 0; at < words.length; at++) {
    const word = words[at]
    if (word === '--') return words.slice(at + 1)
    if (word === null || word === undefined || !word.startsWith('-') || word === '-') return words.slice(at)
    const [, split] = /^(?:-[iv]*S|--split-string=?)\s*([\s\S]*)$/.exec(word) ?? []
    if (split !== undefined && valued.has('--chdir')) {
      return [...split.split(/\s+/).filter(part => part !== ''), ...words.slice(at + 1)]
    }
    if (valued.has(word)) at++
  }
  return []
}

/** The text that `su user -c text` has a shell run; null where it runs a shell for people. */
export function textOfSu(words: Words): string | null | undefined {
  const at = words.findIndex(word => word === '-c' || word === '--command')
  return at < 0 ? undefined : words[at + 1]
}

/** Programs that start others, which only their own configuration names. */
const supervisors: ReadonlySet<string> = new Set(
  (
    'circusd containerd cron crond dockerd execlineb forego foreman honcho inetd init make monit mprocs multirun npm npx ' +
    'openrc-init overmind pm2 pm2-runtime pnpm process-compose runit runit-init runsv runsvdir s6-svscan s6-supervise ' +
    'supercronic supervisord systemd tox xinetd yarn yarnpkg'
  ).split(' '),
)

export function isSupervisor(name: string): boolean {
  return supervisors.has(name)
}
