import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestService, type TestService } from '../support/test-service.ts'
import { writeWith } from '../support/timed-writes.ts'

/** Event times in every form, in the order of their instants. */
const ASCENDING = [
  '999',
  '1970-01-01T00:00:01Z',
  '2025-10-07T07:46:26Z',
  '1759823186001',
  '2025-10-07T09:46:26.002+02:00',
  '2025-10-07T00:46:26.003-07:00',
  '2025-10-07T07:46:26.004Z',
  '1759823186005',
  '2025-10-08T07:45:26.006+23:59',
  '2025-10-06T07:47:26.007-23:59',
  '2025-10-07T07:46:26.007000001Z',
  '2025-10-07T13:16:26.007000002+05:30',
  '2025-10-07T07:46:26.0070001Z',
  '2025-10-07T07:46:26.008-00:00',
  '9999-12-31T23:59:59.999999999Z',
]

const PAIRS = ASCENDING.slice(1).map((later, index) => ({ earlier: ASCENDING[index] ?? '', later }))

/** One instant in several forms. */
const EQUAL = [
  '1759823186500',
  '2025-10-07T07:46:26.5Z',
  '2025-10-07T07:46:26.500Z',
  '2025-10-07T07:46:26.500000000Z',
  '2025-10-07T09:46:26.50+02:00',
  '2025-10-06T23:46:26.5-08:00',
]

let service: TestService

beforeAll(async () => {
  service = await startTestService()
})

afterAll(async () => {
  await service.close()
})

test.for(PAIRS)('$later is later than $earlier', async ({ earlier, later }) => {
  const [up, down] = [`${earlier} up`, `${earlier} down`]

  const statuses = [
    (await writeWith(service, up, { cat: {} }, { event_time: earlier })).status,
    (await writeWith(service, up, { cat: {} }, { event_time: later })).status,
    (await writeWith(service, down, { cat: {} }, { event_time: later })).status,
    (await writeWith(service, down, { cat: {} }, { event_time: earlier })).status,
  ]

  expect(statuses).toEqual([200, 200, 200, 409])
})

test('the same instant is equal in every form, and stored as one number', async () => {
  const statuses: number[] = []
  const stored: unknown[] = []
  for (const event_time of [...EQUAL, ...EQUAL.toReversed()]) {
    statuses.push((await writeWith(service, 'equal', { cat: {} }, { event_time })).status)
    stored.push((await service.stored('equal', 'cat'))?.event_time)
  }

  expect(statuses).toEqual(statuses.map(() => 200))
  expect(stored).toStrictEqual(stored.map(() => ({ N: '1759823186500' })))
})

test('digits below a millisecond are stored, every one, and count', async () => {
  const at = (fraction: string) => writeWith(service, 'fine', { cat: {} }, { event_time: `2025-10-07T07:46:26.${fraction}Z` })

  await at('943000002')
  const stored = await service.stored('fine', 'cat')
  const statuses = [
    (await at('943000001')).status,
    (await at('943')).status,
    (await at('943000002')).status,
    (await at('943000003')).status,
  ]

  expect(stored?.event_time).toStrictEqual({ N: '1759823186943.000002' })
  expect(statuses).toEqual([409, 409, 200, 200])
})

test('an event time is shown in UTC, whatever form it came in', async () => {
  await writeWith(service, 'utc', { cat: {} }, { event_time: '2025-10-07T00:46:26.5-07:00' })

  const { json } = await service.read('utc', 'cat')

  expect(json).toHaveProperty('features.metadata.event_time', '2025-10-07T07:46:26.500Z')
})

test.for([
  ['as it is', '2025-10-07T09:46:26+02:00'],
  ['percent-encoded', '2025-10-07T09%3A46%3A26%2B02%3A00'],
  ['as a space', '2025-10-07T09:46:26%2002:00'],
] as const)('the plus of a zone may come %s', async ([how, value]) => {
  const identifier = how.replaceAll(' ', '-')

  const reply = await service.request('POST', `/api/v1/items/${identifier}?event_time=${value}`, { cat: {} })

  expect(reply.status).toBe(200)
  expect((await service.stored(identifier, 'cat'))?.event_time).toStrictEqual({ N: String(Date.parse('2025-10-07T07:46:26Z')) })
})
