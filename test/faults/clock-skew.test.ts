import { expect, test } from 'vitest'
import { createGate } from '../support/gate.ts'
import { startServiceOver } from '../support/service-over-client.ts'
import { startWireStore, type WireReply, type WireRequest, type WireStore } from '../support/wire-store.ts'

const HOUR_MS = 3_600_000
const ALLOWED_MS = 300_000

/** The time by which a request is signed, in milliseconds since the epoch. */
function signedAt({ headers }: WireRequest): number {
  const text = headers['x-amz-date'] ?? ''
  return Date.parse(text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'))
}

/** How many hours from now the time is by which each request is signed. */
function hoursOff(store: WireStore): number[] {
  return store.requests().map((request) => Math.round((signedAt(request) - Date.now()) / HOUR_MS) + 0)
}

function refusal(exception: string, date: Date): WireReply {
  const text = JSON.stringify({ __type: `com.amazon.coral.service#${exception}`, message: 'Signature not yet current' })
  return { status: 400, text, headers: { date: date.toUTCString() } }
}

/** A store whose clock is ahead, or behind, and which refuses what is signed by another. */
function skewedBy(skewMs: number, exception: string): (request: WireRequest) => WireReply {
  return (request) => {
    const date = new Date(Date.now() + skewMs)
    if (Math.abs(signedAt(request) - date.getTime()) > ALLOWED_MS) return refusal(exception, date)
    return { status: 200, text: '{}', headers: { date: date.toUTCString() } }
  }
}

const SKEWS = [HOUR_MS, -HOUR_MS].flatMap((skewMs) =>
  ['InvalidSignatureException', 'RequestTimeTooSkewed'].map((exception) => ({ skewMs, exception })),
)

test.for(SKEWS)('a store whose clock is $skewMs ms off, and says $exception, is asked again by its own time', async (skew) => {
  const store = await startWireStore(skewedBy(skew.skewMs, skew.exception))
  const service = await startServiceOver({ endpoint: store.url })

  const read = await service.read('user', 'cat')
  const write = await service.write('user', { cat: { f: 1 } })

  expect([read.status, write.status]).toEqual([404, 200])
  expect(hoursOff(store)).toEqual([0, Math.sign(skew.skewMs), Math.sign(skew.skewMs)])
})

test('calls at once that were all signed by the wrong time all succeed', async () => {
  const allSigned = createGate(20)
  const store = await startWireStore(async (request) => {
    if (request.number <= 20) void allSigned.arrive()
    await allSigned.arrived
    return skewedBy(HOUR_MS, 'InvalidSignatureException')(request)
  })
  const service = await startServiceOver({ endpoint: store.url })

  const writes = await Promise.all(Array.from({ length: 20 }, (_, index) => service.write(`user-${index}`, { cat: { f: 1 } })))

  expect(new Set(writes.map(({ status }) => status))).toEqual(new Set([200]))
  expect(store.requests()).toHaveLength(40)
})

test('a clock that successes show to be off needs no refusal first', async () => {
  const date = () => new Date(Date.now() + HOUR_MS).toUTCString()
  const store = await startWireStore(() => ({ status: 200, text: '{}', headers: { date: date() } }))
  const service = await startServiceOver({ endpoint: store.url })

  await service.read('user', 'cat')
  await service.read('user', 'cat')

  expect(hoursOff(store)).toEqual([0, 1])
})

test('a clock that was off and is right again is followed: one refusal tells, and the next call succeeds', async () => {
  let skewMs = HOUR_MS
  const store = await startWireStore((request) => skewedBy(skewMs, 'InvalidSignatureException')(request))
  const service = await startServiceOver({ endpoint: store.url })
  await service.read('user', 'cat')

  skewMs = 0
  await service.read('user', 'cat')
  const afterwards = await service.read('user', 'cat')

  expect(afterwards.status).toBe(404)
  expect(hoursOff(store).at(-1)).toBe(0)
})

test.for(['InvalidSignatureException', 'RequestTimeTooSkewed'])(
  'without a difference of clocks, %s is the answer and is not asked for again',
  async (exception) => {
    const store = await startWireStore(() => refusal(exception, new Date()))
    const service = await startServiceOver({ endpoint: store.url })

    const read = await service.read('user', 'cat')
    const again = await service.read('user', 'cat')

    expect([read, again]).toMatchObject(Array(2).fill({ status: 503, json: { code: 'STORE_UNAVAILABLE' } }))
    expect(store.requests()).toHaveLength(2)
  },
)

test('a store without a date, or with one that is none, is asked by our own time', async () => {
  const store = await startWireStore(({ number }) => ({
    status: 200,
    text: '{}',
    headers: number === 1 ? { date: 'soon' } : {},
  }))
  const service = await startServiceOver({ endpoint: store.url })

  for (let read = 0; read < 3; read += 1) await service.read('user', 'cat')

  expect(store.requests().map((request) => Math.abs(signedAt(request) - Date.now()) < ALLOWED_MS)).toEqual([true, true, true])
})
