import { afterAll, beforeAll, expect, test } from 'vitest'
import { FUTURE_MS } from '../support/future-time.ts'
import { lookEveryWay } from '../support/read-kinds.ts'
import { startTestService, type TestService } from '../support/test-service.ts'
import { queryOf, WRITE_KINDS, type WriterMetadata, writeWith } from '../support/timed-writes.ts'

const NOW = new Date(FUTURE_MS).toISOString()
const FOX = '🦊'

let service: TestService

beforeAll(async () => {
  service = await startTestService({ now: () => new Date(FUTURE_MS) })
})

afterAll(async () => {
  await service.close()
})

/** A name of its own for each case, so that none writes over another's. */
function identifierOf(...parts: string[]): string {
  return parts.join(' ').replaceAll(/\W+/g, '-')
}

test.for(WRITE_KINDS)('all that a writer says is stored and shown by every read: $kind', async ({ kind, send }) => {
  const identifier = identifierOf('all', kind)
  const query = queryOf({ source: 'batch-job', compute_id: 'run-7', ttl: 3600, event_time: '2025-10-07T09:40:00+02:00' })

  const reply = await send(service, identifier, { cat: { f: 1 }, other: { f: 2 } }, query)

  const metadata = {
    created_at: NOW,
    updated_at: NOW,
    source: 'batch-job',
    compute_id: 'run-7',
    ttl: 3600,
    expires_at: '2099-10-07T08:46:26.000Z',
    event_time: '2025-10-07T07:40:00.000Z',
  }
  expect(reply.status).toBe(200)
  for (const [category, f] of [['cat', 1] as const, ['other', 2] as const]) {
    const seen = await lookEveryWay(service, identifier, category)
    expect(seen.map((item) => item?.features)).toStrictEqual(seen.map(() => ({ data: { f }, metadata })))
  }
})

test.for(WRITE_KINDS)('what a writer does not say has its default, and no times are shown: $kind', async ({ kind, send }) => {
  const identifier = identifierOf('nothing', kind)

  await send(service, identifier, { cat: {} }, queryOf({}))

  const metadata = { created_at: NOW, updated_at: NOW, source: 'api', compute_id: 'None', ttl: 'None' }
  const seen = await lookEveryWay(service, identifier)
  expect(seen.map((item) => item?.features.metadata)).toStrictEqual(seen.map(() => metadata))
})

test('the reply to a write says nothing more than without metadata', async () => {
  const plain = await service.write('reply', { cat: { f: 1 } })

  const reply = await writeWith(service, 'reply', { cat: { f: 1 } }, { source: 's', compute_id: 'c', ttl: 60, event_time: 1 })

  expect(reply.text).toBe(plain.text)
})

test('the stored item has what the writer said, and the times as numbers beside the features', async () => {
  await writeWith(
    service,
    'layout',
    { cat: { f: 1 } },
    { source: 'job', compute_id: 'run', ttl: 60, event_time: '1970-01-01T00:00:00.007Z' },
    'account_id',
  )

  const second = Math.floor(FUTURE_MS / 1000)
  expect(await service.stored('layout', 'cat', 'account_id')).toMatchObject({
    account_id: { S: 'layout' },
    created_at: { S: NOW },
    version: { N: String(FUTURE_MS) },
    expires_at: { N: String(second + 60) },
    event_time: { N: '7' },
    features: { M: { metadata: { M: { updated_at: { S: NOW }, source: { S: 'job' }, compute_id: { S: 'run' } } } } },
  })
})

test('a write that says less than the one before falls back to the defaults', async () => {
  await writeWith(service, 'less', { cat: {} }, { source: 'job', compute_id: 'run', ttl: 60 })

  await writeWith(service, 'less', { cat: {} }, { compute_id: 'other' })

  const { json } = await service.read('less', 'cat')
  expect(json).toMatchObject({ features: { metadata: { source: 'api', compute_id: 'other', ttl: 'None' } } })
  expect(json).not.toHaveProperty('features.metadata.expires_at')
})

const TEXTS = ['x', 'x'.repeat(256), FOX.repeat(256), 'a b&c=d+e%f#g?h/i\\j"k', '\u0000\n', ' ', 'None', 'é']

test.for(['source', 'compute_id'].flatMap((name) => TEXTS.map((text) => [name, text] as const)))(
  '%s %j is kept to the letter',
  async ([name, text]) => {
    const reply = await writeWith(service, `letters-${name}`, { cat: {} }, { [name]: text })

    expect(reply.status).toBe(200)
    const { json } = await service.read(`letters-${name}`, 'cat')
    expect(json).toHaveProperty(`features.metadata.${name}`, text)
  },
)

const BOUNDS: [string, WriterMetadata, object][] = [
  ['a second', { ttl: 1 }, { ttl: 1, expires_at: '2099-10-07T07:46:27.000Z' }],
  ['ten years', { ttl: 315_360_000 }, { ttl: 315_360_000, expires_at: '2109-10-05T07:46:26.000Z' }],
  ['the epoch as digits', { event_time: 0 }, { event_time: '1970-01-01T00:00:00.000Z' }],
  ['the epoch', { event_time: '1970-01-01T00:00:00Z' }, { event_time: '1970-01-01T00:00:00.000Z' }],
  ['a leap day', { event_time: '2024-02-29T23:59:59.999Z' }, { event_time: '2024-02-29T23:59:59.999Z' }],
  ['the future', { event_time: '2999-12-31T23:59:59Z' }, { event_time: '2999-12-31T23:59:59.000Z' }],
]

test.for(BOUNDS)('%s is a bound that is taken', async ([what, metadata, shown]) => {
  const identifier = identifierOf('bound', what)

  const reply = await writeWith(service, identifier, { cat: {} }, metadata)

  expect(reply.status).toBe(200)
  const { json } = await service.read(identifier, 'cat')
  expect(json).toMatchObject({ features: { metadata: shown } })
})

test('what a writer says counts for one table alone', async () => {
  await writeWith(service, 'tables', { cat: {} }, { source: 'job', ttl: 60, event_time: 9 }, 'account_id')

  await writeWith(service, 'tables', { cat: {} }, { event_time: 8 }, 'bright_uid')

  const { json } = await service.read('tables', 'cat', 'bright_uid')
  expect(json).toMatchObject({ features: { metadata: { source: 'api', ttl: 'None', event_time: '1970-01-01T00:00:00.008Z' } } })
})
