import {constants} from 'node:os'

/** What people, shells and CI systems end a program with. */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

const cleanups = new Set<() => void>()

/**
 * Has `cleanup` run if the process is told to end before it is released.
 * @returns releases it
 */
export function whenInterrupted(cleanup: () => void): () => void {
  if (cleanups.size === 0) for (const signal of signals) process.on(signal, end)
  cleanups.add(cleanup)
  return () => {
    if (cleanups.delete(cleanup) && cleanups.size === 0) stopListening()
  }
}

/** A signal that is aborted when the process is told to end. */
export function interruption(): {readonly signal: AbortSignal; release(): void} {
  const controller = new AbortController()
  return {signal: controller.signal, release: whenInterrupted(() => controller.abort())}
}

/** Long work hears no signal while it goes on: resolves when those that came meanwhile have been answered. */
export async function signalsHeard(): Promise<void> {
  // One turn of the event loop polls for them, the next begins after that.
  for (let turn = 0; turn < 2; turn++) await new Promise(resolve => setImmediate(resolve))
}

/**
 * Cleans up, and then ends as the signal would have ended it: who sent it sees that, and a shell does not go on with its
 * loop. A shell says 130 for SIGINT, 143 for SIGTERM, 129 for SIGHUP.
 */
function end(signal: (typeof signals)[number]): void {
  // From here on another signal ends it at once.
  stopListening()
  for (const cleanup of cleanups) {
    try {
      cleanup()
    } catch {
      // The others have something to clean up as well.
    }
  }
  process.kill(process.pid, signal)
  // The first process of a container is not ended by a signal that it sends itself.
  process.exit(128 + constants.signals[signal])
}

function stopListening(): void {
  for (const signal of signals) process.removeListener(signal, end)
}
