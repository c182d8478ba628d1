import type { Entity, FeatureRecord, ReadKey, TableType } from '../../features/feature-record.ts'
import type { Deadline } from '../../request-scope.ts'
import type { Progress } from './progress.ts'
import type { BatchReply, ReadCalls, ReadOptions } from './read-calls.ts'
import { createSharedRead, type SharedCall, type SharedRead } from './shared-read.ts'

// Calls under way from which on reads wait for the end of the turn of the event loop that they came in, and from which on until
// they are fewer: see README, "What was tried".
const ENOUGH_CALLS = 1
const MANY_CALLS = 8
// BatchGetItem's own limit (Amazon DynamoDB API Reference, BatchGetItem).
const MAX_KEYS = 100
// A read of more categories is worth a call of its own.
const MAX_SHARED_KEYS = 20
// Of a reply, as far as can be told from those before: it has the time limit of one attempt, as that of a single category has.
const MAX_REPLY_BYTES = 1024 * 1024
const LEARNING_RATE = 0.2
// Where the calls under way hang, those that wait do not hang with them.
const MAX_WAIT_MS = 2

/** The reads of one table with one consistency: how many calls are under way, and those that wait to be sent. */
type Lane = {
  underWay: number
  /** Of the reply for each key, on average. */
  keyBytes: number
  waiting: SharedRead | undefined
  timer: NodeJS.Timeout | undefined
  turnEnd: NodeJS.Immediate | undefined
}

/**
 * Reading by key, where concurrent reads of few categories share BatchGetItems: the call and its signature are most of what a
 * read costs. While few calls are under way a read goes out at once. Else it shares a call with those that come in the same
 * turn of the event loop, of which a busy process has many; and while many are under way, with all that come until they are
 * fewer. It joins none that was sent: what it sees is as of its own time.
 */
export function coalesceReads(
  calls: ReadCalls,
  onSharedCall: (call: SharedCall) => void,
): Pick<ReadCalls, 'getItem' | 'batchGetItem'> {
  const lanes = new Map<string, Lane>()

  function laneOf(tableType: TableType, { consistent }: ReadOptions): Lane {
    const name = consistent ? `${tableType}, consistent` : tableType
    const known = lanes.get(name)
    if (known) return known
    const lane: Lane = { underWay: 0, keyBytes: 0, waiting: undefined, timer: undefined, turnEnd: undefined }
    lanes.set(name, lane)
    return lane
  }

  async function follow<Result>(lane: Lane, call: Promise<Result>): Promise<Result> {
    lane.underWay += 1
    try {
      return await call
    } finally {
      lane.underWay -= 1
      sendAtTurnsEnd(lane)
    }
  }

  /** Sends who waits when this turn of the event loop is over, for it may bring more of them; unless many calls are under way. */
  function sendAtTurnsEnd(lane: Lane): void {
    if (lane.waiting && lane.underWay < MANY_CALLS) lane.turnEnd ??= setImmediate(sendWaiting, lane)
  }

  function sendWaiting(lane: Lane): void {
    const { waiting } = lane
    clearTimeout(lane.timer)
    clearImmediate(lane.turnEnd)
    lane.waiting = undefined
    lane.turnEnd = undefined
    if (waiting && waiting.size() > 0) void follow(lane, waiting.send())
  }

  function sendIfFull(lane: Lane): void {
    if (lane.waiting && lane.waiting.size() >= roomOf(lane)) sendWaiting(lane)
  }

  function noteCall(lane: Lane, call: SharedCall): void {
    const { progress, processed } = call
    if (processed > 0) lane.keyBytes += (progress.replyBytes / processed - lane.keyBytes) * LEARNING_RATE
    onSharedCall(call)
  }

  /** The read that waits to be sent, with room for so many keys. */
  function waitingRead(lane: Lane, tableType: TableType, options: ReadOptions, room: number): SharedRead {
    if (lane.waiting && lane.waiting.size() + room > roomOf(lane)) sendWaiting(lane)
    if (lane.waiting) return lane.waiting
    lane.waiting = createSharedRead({ calls, tableType, options, onCall: (call) => noteCall(lane, call) })
    lane.timer = setTimeout(sendWaiting, MAX_WAIT_MS, lane)
    sendAtTurnsEnd(lane)
    return lane.waiting
  }

  return {
    async getItem(
      entity: Entity,
      category: string,
      options: ReadOptions,
      deadline: Deadline,
      progress: Progress,
    ): Promise<FeatureRecord | undefined> {
      const { tableType, identifier } = entity
      const lane = laneOf(tableType, options)
      if (lane.underWay < ENOUGH_CALLS) return follow(lane, calls.getItem(entity, category, options, deadline, progress))
      const shared = waitingRead(lane, tableType, options, 1)
      const answer = shared.join([{ identifier, category }], true, deadline)
      sendIfFull(lane)
      return calls.decodeOne(await answer)
    },

    async batchGetItem(
      tableType: TableType,
      keys: readonly ReadKey[],
      options: ReadOptions,
      deadline: Deadline,
      progress: Progress,
    ): Promise<BatchReply> {
      const lane = laneOf(tableType, options)
      if (lane.underWay < ENOUGH_CALLS || keys.length > MAX_SHARED_KEYS) {
        return follow(lane, calls.batchGetItem(tableType, keys, options, deadline, progress))
      }
      const shared = waitingRead(lane, tableType, options, keys.length)
      const answer = shared.join(keys, false, deadline)
      sendIfFull(lane)
      return calls.decodeBatch({ ...(await answer), unprocessed: [] })
    },
  }
}

/** Keys that one call may have. */
function roomOf({ keyBytes }: Lane): number {
  return Math.max(1, Math.min(MAX_KEYS, Math.floor(MAX_REPLY_BYTES / Math.max(1, keyBytes))))
}
