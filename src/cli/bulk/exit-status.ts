/** How a bulk command ends: all done; done, but for what it names; not done, or not to the end, and to be run again. */
export const EXIT = { done: 0, someRejected: 1, notDone: 2 } as const
