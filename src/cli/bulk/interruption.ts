import { EXIT } from './exit-status.ts'

/** Whether the command was asked to end. */
export type Interruption = { readonly isAsked: () => boolean }

/** Takes SIGINT and SIGTERM as the wish to end in order; the second one ends at once. */
export function watchInterruption(onAsked: () => void): Interruption {
  let asked = false
  function ask(): void {
    if (asked) process.exit(EXIT.notDone)
    asked = true
    onAsked()
  }
  process.on('SIGINT', ask)
  process.on('SIGTERM', ask)
  return { isAsked: () => asked }
}
