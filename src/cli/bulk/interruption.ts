import { EXIT } from './exit-status.ts'

/** Whether the command was asked to end. */
export type Interruption = { readonly isAsked: () => boolean }

// A terminal sends Ctrl-C to npm and to what npm runs, and npm passes its own on.
const ECHO_MS = 1000

/**
 * Takes SIGINT, SIGTERM and SIGHUP as the wish to end in order; another one, a second later or more, ends at once.
 * @param onAsked told of the wish, once.
 */
export function watchInterruption(onAsked: () => void = () => {}): Interruption {
  let askedMs: number | undefined
  function ask(): void {
    const nowMs = performance.now()
    if (askedMs !== undefined && nowMs - askedMs > ECHO_MS) process.exit(EXIT.notDone)
    if (askedMs !== undefined) return
    askedMs = nowMs
    onAsked()
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, ask)
  return { isAsked: () => askedMs !== undefined }
}
