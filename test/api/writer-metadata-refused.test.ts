import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectProblem } from '../support/expect-problem.ts'
import { startTestService, type TestService } from '../support/test-service.ts'
import { WRITE_KINDS } from '../support/timed-writes.ts'

let service: TestService

beforeAll(async () => {
  service = await startTestService()
  await service.write('victim', { cat: { f: 'before' } })
})

afterAll(async () => {
  await service.close()
})

const BAD_TEXTS = ['', 'x'.repeat(257), '%F0%9F%A6%8A'.repeat(257)]

const BAD_TTLS = [
  '',
  '0',
  '-1',
  '-60',
  '1.5',
  '1.0',
  '60s',
  'None',
  'x',
  '0x10',
  'NaN',
  'Infinity',
  '%2060',
  '60%20',
  '[60]',
  '60,60',
]
const TTLS_TOO_LONG = ['315360001', '9007199254740993', '9'.repeat(400)]

const BAD_DATES = [
  ...['2025-02-30T00:00:00Z', '2025-02-29T00:00:00Z', '1900-02-29T00:00:00Z', '2025-04-31T00:00:00Z', '2025-13-01T00:00:00Z'],
  ...['2025-00-01T00:00:00Z', '2025-01-00T00:00:00Z', '2025-01-32T00:00:00Z'],
]
const BAD_CLOCK_TIMES = [
  '2025-10-07T24:00:00Z',
  '2025-10-07T25:00:00Z',
  '2025-10-07T07:60:00Z',
  '2025-10-07T07:46:61Z',
  '2016-12-31T23:59:60Z',
]
const NO_ZONE = ['2025-10-07T07:46:26', '2025-10-07T07:46:26.943', '2025-10-07', '2025-10-07T07:46:26.943UTC']
const BAD_ZONES = [
  '2025-10-07T07:46:26%2B24:00',
  '2025-10-07T07:46:26%2B00:60',
  '2025-10-07T07:46:26%2B2',
  '2025-10-07T07:46:26Z%2B02:00',
]
const BAD_FORMS = [
  ...['', '-', 'now', 'yesterday', '-1', '1.5', '1e12', '0x10', 'NaN', 'Infinity', '%201', '9'.repeat(40), '٣'],
  ...['2025-10-7T07:46:26Z', '25-10-07T07:46:26Z', '+002025-10-07T07:46:26Z', '2025-10-07T07:46Z', '20251007T074626Z'],
  ...['2025-10-07T07:46:26.Z', '2025-10-07T07:46:26.1234567890Z', '2025-280T07:46:26Z', 'Tue, 07 Oct 2025 07:46:26 GMT'],
  ...['2025-10-07T07:46:26Z\n', '\n2025-10-07T07:46:26Z', '2025-10-07T07:46:26Z2025-10-07T07:46:26Z'],
]

const REFUSED: [string, string][] = [
  ...BAD_TEXTS.flatMap((text): [string, string][] => [
    ['source', text],
    ['compute_id', text],
  ]),
  ...[...BAD_TTLS, ...TTLS_TOO_LONG].map((ttl): [string, string] => ['ttl', ttl]),
  ...[...BAD_DATES, ...BAD_CLOCK_TIMES, ...NO_ZONE, ...BAD_ZONES, ...BAD_FORMS].map((time): [string, string] => [
    'event_time',
    time.replaceAll('\n', '%0A').replaceAll(', ', '%2C%20').replaceAll(' ', '%20').replaceAll('٣', '%D9%A3'),
  ]),
]

const CASES = WRITE_KINDS.flatMap(({ kind, send }) =>
  REFUSED.map(([name, value]) => ({ kind, send, name, value, shown: value.slice(0, 40) })),
)

test.for(CASES)('$name=$shown is refused by its name and nothing is written: $kind', async ({ send, name, value }) => {
  const before = await service.dump()

  const reply = await send(service, 'victim', { cat: { f: 'after' }, other: { f: 1 } }, `?${name}=${value}`)

  expectProblem(reply, 422, 'VALIDATION_FAILED')
  expect(reply.json).toMatchObject({ errors: [{ path: name, message: expect.stringMatching(/./) }] })
  expect(await service.dump()).toBe(before)
})

test.for([
  ['source', 'a', 'b'],
  ['compute_id', 'a', 'a'],
  ['ttl', '60', '61'],
  ['event_time', '1', '2'],
] as const)('%s given twice is refused: which one is meant?', async ([name, one, other]) => {
  const before = await service.dump()

  const replies = await Promise.all(
    WRITE_KINDS.map(({ send }) => send(service, 'victim', { cat: { f: 'after' } }, `?${name}=${one}&${name}=${other}`)),
  )

  for (const reply of replies) expectProblem(reply, 422, 'VALIDATION_FAILED')
  expect(replies.map(({ json }) => json)).toMatchObject(replies.map(() => ({ errors: [{ path: name }] })))
  expect(await service.dump()).toBe(before)
})

test('every parameter at fault is named', async () => {
  const reply = await service.request('POST', '/api/v1/items/victim?source=&compute_id=&ttl=0&event_time=now', { cat: {} })

  expectProblem(reply, 422, 'VALIDATION_FAILED')
  const { errors } = reply.json as { errors: { path: string }[] }
  expect(errors.map(({ path }) => path).toSorted()).toEqual(['compute_id', 'event_time', 'source', 'ttl'])
})
