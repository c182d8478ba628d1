import { setTimeout as delay } from 'node:timers/promises'

type EndListener = () => void

/** Tells of an end, once: what we use of an AbortSignal, which is one, too. */
export type EndSignal = Pick<AbortSignal, 'aborted' | 'reason' | 'throwIfAborted'> & {
  addEventListener: (type: 'abort', listener: EndListener, options?: { once?: boolean }) => void
  removeEventListener: (type: 'abort', listener: EndListener) => void
}

/**
 * Makes a signal and what fires it, as an AbortController does. That one makes an EventTarget, and an Event for each end. What
 * listens must not throw, or the others are not told.
 */
export function createEnd() {
  const listeners: EndListener[] = []
  const signal = {
    aborted: false,
    reason: undefined as unknown,
    throwIfAborted(): void {
      if (signal.aborted) throw signal.reason
    },
    addEventListener(_type: 'abort', listener: EndListener): void {
      if (!signal.aborted) listeners.push(listener)
    },
    removeEventListener(_type: 'abort', listener: EndListener): void {
      const at = listeners.indexOf(listener)
      if (at !== -1) listeners.splice(at, 1)
    },
  }

  /** Tells all who listen, and still do when it is their turn; only the first end counts. */
  function end(reason: Error): void {
    if (signal.aborted) return
    signal.aborted = true
    signal.reason = reason
    for (let listener = listeners.shift(); listener; listener = listeners.shift()) listener()
  }
  return { signal: signal satisfies EndSignal, end }
}

/**
 * Waits for so many milliseconds.
 * @throws Error named AbortError when the signal fires before.
 */
export function pause(ms: number, signal: EndSignal): Promise<void> {
  // Of an AbortSignal, timers use what ours has.
  return delay(ms, undefined, { signal: signal as AbortSignal })
}

/** Until when a request may wait. */
export type Deadline = {
  /** Fires at the end, or when the client hangs up, or has its answer. */
  readonly signal: EndSignal
  /** On performance.now()'s clock: a busy process may be late to fire the signal. */
  readonly endsAtMs: number
}

/** What one request carries down through the layers: until when it may wait, and the account of what is done for it. */
export type RequestScope = Deadline & { readonly work: RequestWork }

/** Whether nothing further is to be begun. */
export function isOver({ signal, endsAtMs }: Deadline): boolean {
  return signal.aborted || performance.now() >= endsAtMs
}

/**
 * What is asked for, as far as a log line tells of it: entities where several may be named, and categories where they are,
 * of each of the entities in a read, of all of them in a write.
 */
export type RequestSubject = { tableType: string; entities?: number; categories?: number }

/** What is done for one request; the layers fill it in, and the request's log line tells it. */
export type RequestWork = {
  /** When the whole request had arrived, as far as is known, on performance.now()'s clock; its time is counted from here. */
  arrivedMs: number
  /** The name of the API key that let the request in; undefined where none did. */
  keyName: string | undefined
  /** Unknown until the request has passed its checks. */
  subject: RequestSubject | undefined
  /** DynamoDB calls begun, each with all its attempts. */
  storeCalls: number
  /** Of those, the ones that have not ended. */
  storeCallsOpen: number
  /** Milliseconds in which at least one call was under way; side by side they count once. */
  storeMs: number
  /** When the present time with calls under way began, on performance.now()'s clock. */
  storeBusySinceMs: number
  /** What the client was told instead of a success. */
  failure: Error | undefined
  /** What is to be done once the connection is done with the reply, sent or not: one listener for all costs less than several. */
  readonly atClose: (() => void)[]
}

/** `nowMs`: performance.now(), when the request's headers have come. */
export function startWork(nowMs: number): RequestWork {
  return {
    arrivedMs: nowMs,
    keyName: undefined,
    subject: undefined,
    storeCalls: 0,
    storeCallsOpen: 0,
    storeMs: 0,
    storeBusySinceMs: 0,
    failure: undefined,
    atClose: [],
  }
}

/** Notes that a DynamoDB call begins. `nowMs`: performance.now(). */
export function beginStoreCall(work: RequestWork, nowMs: number): void {
  work.storeCalls += 1
  work.storeCallsOpen += 1
  if (work.storeCallsOpen === 1) work.storeBusySinceMs = nowMs
}

/** Notes that a DynamoDB call has ended, however. */
export function endStoreCall(work: RequestWork, nowMs: number): void {
  work.storeCallsOpen -= 1
  if (work.storeCallsOpen === 0) work.storeMs += nowMs - work.storeBusySinceMs
}

/** Milliseconds that the request has had DynamoDB calls under way until `nowMs`, those that have not ended included. */
export function storeMsUntil(work: RequestWork, nowMs: number): number {
  return work.storeCallsOpen === 0 ? work.storeMs : work.storeMs + nowMs - work.storeBusySinceMs
}
