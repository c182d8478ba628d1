import { afterAll, beforeAll, expect, test } from 'vitest'
import { lookEveryWay } from '../support/read-kinds.ts'
import { type Item, startTestService, type TestService } from '../support/test-service.ts'
import { writeWith } from '../support/timed-writes.ts'

const CREATED = '2024-01-02T03:04:05.678Z'

let service: TestService

beforeAll(async () => {
  service = await startTestService()
})

afterAll(async () => {
  await service.close()
})

/** An item of another program, which keeps something of its own under the name event_time. */
async function putForeign(identifier: string, event_time: Item[string]): Promise<void> {
  const features = { M: { data: { M: { f: { N: '1' } } }, metadata: { M: {} } } }
  await service.put({ bright_uid: { S: identifier }, category: { S: 'cat' }, created_at: { S: CREATED }, features, event_time })
}

const NO_EVENT_TIMES: [string, Item[string]][] = [
  ['a date', { S: '2999-01-01T00:00:00Z' }],
  ['a string of digits', { S: '32472144000000' }],
  ['an empty string', { S: '' }],
  ['null', { NULL: true }],
  ['true', { BOOL: true }],
  ['a set of numbers', { NS: ['32472144000000'] }],
  ['a map', { M: { N: { S: '1' } } }],
  ['bytes', { B: new Uint8Array([255]) }],
]

test.for(NO_EVENT_TIMES)('an event_time that is %s is none: the item is read without', async ([what, event_time]) => {
  await putForeign(what, event_time)

  const seen = await lookEveryWay(service, what)

  expect(seen.map((item) => item?.features.data)).toEqual(seen.map(() => ({ f: 1 })))
  for (const item of seen) expect(item?.features.metadata).not.toHaveProperty('event_time')
})

test.for(NO_EVENT_TIMES)(
  'an event_time that is %s holds no write up, and gives way to a true one',
  async ([what, event_time]) => {
    await putForeign(`${what} overwritten`, event_time)

    const without = await service.write(`${what} overwritten`, { cat: { f: 2 } })
    const first = await writeWith(service, `${what} overwritten`, { cat: { f: 3 } }, { event_time: 10 })
    const older = await writeWith(service, `${what} overwritten`, { cat: { f: 4 } }, { event_time: 9 })

    expect([without.status, first.status, older.status]).toEqual([200, 200, 409])
    expect(await service.stored(`${what} overwritten`, 'cat')).toMatchObject({
      created_at: { S: CREATED },
      event_time: { N: '10' },
    })
  },
)

test.for(['1e30', '-1e30', '9.9e125', '1e-130', '-1', '253402300800000'])(
  'an event_time of %s, which no writer could give, is read, and written over',
  async (N) => {
    await putForeign(`number ${N}`, { N })

    const seen = await lookEveryWay(service, `number ${N}`)
    const without = await service.write(`number ${N}`, { cat: { f: 2 } })
    const withOne = await writeWith(service, `number ${N}`, { cat: { f: 3 } }, { event_time: '2025-10-07T07:46:26Z' })

    expect(seen.map((item) => item?.features.data)).toEqual(seen.map(() => ({ f: 1 })))
    expect(without.status).toBe(200)
    expect(withOne.status).toBe(Number(N) > Date.parse('2025-10-07T07:46:26Z') ? 409 : 200)
  },
)
