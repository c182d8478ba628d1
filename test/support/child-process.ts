import { spawn } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

export const PROJECT_ROOT = fileURLToPath(new URL('../..', import.meta.url))

export type Ending = { code: number | null; signal: NodeJS.Signals | null }

export type ChildOptions = {
  command: string
  args: string[]
  cwd: string
  env: Record<string, string>
  /** In a process group of its own, as a terminal gives each command one. */
  ownGroup?: boolean
}

export type Child = ReturnType<typeof startChild>

/** Starts a command with no environment but `env`, PATH and HOME; it is killed when the test that started it ends. */
export function startChild({ command, args, cwd, env, ownGroup = false }: ChildOptions) {
  const { PATH, HOME } = process.env
  const child = spawn(command, args, {
    cwd,
    env: { PATH, HOME, npm_config_update_notifier: 'false', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: ownGroup,
  })
  const { pid } = child
  if (pid === undefined) throw new Error(`${command} could not be started`)

  const text = { out: '', err: '', both: '' }
  const changes = new EventEmitter()
  function collect(stream: 'out' | 'err') {
    return (chunk: string) => {
      text[stream] += chunk
      text.both += chunk
      changes.emit('change')
    }
  }
  child.stdout.setEncoding('utf8').on('data', collect('out'))
  child.stderr.setEncoding('utf8').on('data', collect('err'))

  let ending: Ending | undefined
  // Not 'exit': 'close' comes after the last byte of output.
  const exited: Promise<Ending> = once(child, 'close').then(([code, signal]) => {
    ending = { code, signal }
    changes.emit('change')
    return ending
  })

  const target = ownGroup ? -pid : pid
  onTestFinished(async () => {
    if (isAlive(target)) process.kill(target, 'SIGKILL')
    await exited
  })

  return {
    pid,
    exited,
    stdout: () => text.out,
    stderr: () => text.err,
    output: () => text.both,
    kill: (signal: NodeJS.Signals) => process.kill(pid, signal),
    killGroup: (signal: NodeJS.Signals) => process.kill(-pid, signal),
    /** Whether any process of its group is left. */
    groupIsAlive: () => isAlive(-pid),
    /** The first match in the output, as soon as it is there. */
    async printed(pattern: RegExp): Promise<RegExpExecArray> {
      for (;;) {
        const match = pattern.exec(text.both)
        if (match) return match
        if (ending) throw new Error(`ended with ${JSON.stringify(ending)} before it printed ${pattern}:\n${text.both}`)
        await once(changes, 'change')
      }
    },
  }
}

function isAlive(target: number): boolean {
  try {
    return process.kill(target, 0)
  } catch {
    return false
  }
}
