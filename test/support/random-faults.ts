import { NO_ANSWERS, refusal, throttling } from './dynamodb-replies.ts'
import type { Call, Script, ScriptedReply } from './scripted-dynamodb.ts'

/** A number from 0 to 1, 1 excluded. */
type Draw = () => number

const THROTTLES = ['ThrottlingException', 'RequestLimitExceeded', 'ProvisionedThroughputExceededException']
const MAX_DELAY_MS = 100

const internalError = refusal('InternalServerError', 'Internal server error', 500)
const unavailable = refusal('ServiceUnavailable', 'try later', 503)

const FAULTS = {
  throttle: (draw) => refusal(pick(THROTTLES, draw), 'too fast'),
  error: (draw) => pick([internalError, unavailable], draw),
  reset: () => 'reset',
  hang: () => 'hang',
  delay: (draw) => ({ afterMs: draw() * MAX_DELAY_MS, reply: 'pass' }),
  hold: () => 'hold',
  applyThenReset: () => 'apply, then reset',
  applyThenHang: () => 'apply, then hang',
  applyThenError: (draw) => ({ applyThen: pick([internalError, unavailable], draw) }),
  partialBatch: (draw, call) => (call.operation === 'BatchGetItem' ? { answers: () => draw() < 0.5 } : throttling),
  noAnswer: (draw, call) => pick(noAnswersTo(call), draw),
  applyThenNoAnswer: (draw, call) => ({ applyThen: pick(noAnswersTo(call), draw) }),
  halfReply: (draw) => ({ status: 200, text: '{"Item":{', ending: pick(['stalls', 'breaks off'] as const, draw) }),
} satisfies Record<string, (draw: Draw, call: Call) => ScriptedReply>

export type FaultKind = keyof typeof FAULTS

export const FAULT_KINDS = Object.keys(FAULTS) as FaultKind[]

/** How many of the calls, from 0 to 1, meet each kind of fault; the others pass. */
export type FaultRates = Partial<Record<FaultKind, number>>

export type RandomFaultsOptions = { seed: number; rates: FaultRates }

const OPERATIONS = ['GetItem', 'BatchGetItem', 'UpdateItem', 'Query']
// Those that `{}` does not answer.
const LISTS = ['BatchGetItem', 'Query']

/**
 * A script that picks faults at random, for the calls that requests make. The n-th call of one operation about the same keys
 * always meets the same fate under one seed, in whatever order calls about others come between.
 */
export function randomFaults({ seed, rates }: RandomFaultsOptions): Script {
  const counts = new Map<string, number>()
  return (call) => {
    if (!OPERATIONS.includes(call.operation)) return 'pass'
    const subject = subjectOf(call)
    const count = (counts.get(subject) ?? 0) + 1
    counts.set(subject, count)
    const draw = drawsOf(`${seed}/${subject}/${count}`)
    const kind = pickKind(rates, draw())
    return kind === undefined ? 'pass' : FAULTS[kind](draw, call)
  }
}

/** The operation and what it is about, without the table's name, which has a random part. */
function subjectOf({ operation, body }: Call): string {
  const keys = body.RequestItems && Object.values(body.RequestItems).map(({ Keys }) => Keys)
  return JSON.stringify([operation, body.Key ?? keys ?? { ...body, TableName: undefined }])
}

function noAnswersTo({ operation }: Call) {
  return LISTS.includes(operation) ? [...NO_ANSWERS, { status: 200, text: '{}' }] : NO_ANSWERS
}

function pickKind(rates: FaultRates, drawn: number): FaultKind | undefined {
  let sum = 0
  return FAULT_KINDS.find((kind) => {
    sum += rates[kind] ?? 0
    return drawn < sum
  })
}

function pick<Value>(values: readonly Value[], draw: Draw): Value {
  return values[Math.floor(draw() * values.length)] as Value
}

/** The numbers that belong to a text: FNV-1a makes a seed of it, mulberry32 the numbers. */
function drawsOf(text: string): Draw {
  let state = 0x811c9dc5
  for (const byte of Buffer.from(text)) state = Math.imul(state ^ byte, 0x01000193)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
