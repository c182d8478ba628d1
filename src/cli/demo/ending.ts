/** Whether somebody wants the demo to end, or its service is gone. */
export type Ending = ReturnType<typeof createEnding>

/** A wish to end that may come at any time. */
export function createEnding() {
  const { promise, resolve } = Promise.withResolvers<void>()
  let isAsked = false
  return {
    isAsked: () => isAsked,
    /** Resolves with the wish. */
    asked: promise,
    ask(): void {
      isAsked = true
      resolve()
    },
  }
}
