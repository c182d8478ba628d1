import type { LoadResult } from './load-generator.ts'
import type { Reply } from './reply-reader.ts'
import { quantileOfSorted } from './statistics.ts'

const START_CHARACTERS = 600

/** Counts a job's replies and how long they took; of 200s, each is to be so long. */
export function createTally(replyBytes: number | undefined) {
  const startedMs = performance.now()
  const statuses: Record<number, number> = {}
  const acceptedMs: number[] = []
  let wrong = 0
  let firstWrong = ''
  return {
    /** `mark`: a text that the reply begins with, somewhere: that it is the answer to this request, and not to another's. */
    add(reply: Reply, sinceMs: number, mark = ''): void {
      statuses[reply.status] = (statuses[reply.status] ?? 0) + 1
      if (reply.status === 200) acceptedMs.push(performance.now() - sinceMs)
      const isLong = replyBytes === undefined ? reply.bodyBytes > 0 : reply.bodyBytes === replyBytes
      if (reply.status === 200 && isLong && reply.start.includes(mark)) return
      wrong += 1
      if (wrong === 1) firstWrong = `${reply.bodyBytes} bytes of body: ${reply.start.slice(0, START_CHARACTERS)}`
    },

    /** How long it has taken so far, in milliseconds. */
    tookMs: () => performance.now() - startedMs,

    result(unsent: number, tookMs: number): LoadResult {
      const sortedMs = Float64Array.from(acceptedMs).sort()
      const [p50Ms = 0, p99Ms = 0, maxMs = 0] = [0.5, 0.99, 1].map((share) => quantileOfSorted(sortedMs, share))
      return { statuses, unsent, wrong, firstWrong, p50Ms, p99Ms, maxMs, tookMs }
    },
  }
}
