/** One thing that cannot be kept, and where: names and indexes from the body's root. */
export type Finding = { at: readonly PropertyKey[]; message: string }

/** A request with thousands of faults needs no thousands of messages. */
export const MAX_FINDINGS = 20
