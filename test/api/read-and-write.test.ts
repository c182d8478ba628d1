import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestService, type TestService } from '../support/test-service.ts'

const FIRST = new Date('2025-10-07T07:46:26.943Z')
const LATER = new Date('2025-10-08T00:00:00.001Z')

let service: TestService
let now = FIRST

beforeAll(async () => {
  service = await startTestService({ now: () => now })
})

afterAll(async () => {
  await service.close()
})

test('a category that was written is read back with its metadata', async () => {
  now = FIRST
  await service.write('user123', { trans_features: { avg_credit_30d: 150.5, num_transactions: 25 } })

  const reply = await service.read('user123', 'trans_features')

  expect(reply.status).toBe(200)
  expect(reply.text).toBe(
    '{"bright_uid":"user123","category":"trans_features","features":{"data":{"avg_credit_30d":150.5,"num_transactions":25},' +
      '"metadata":{"created_at":"2025-10-07T07:46:26.943Z","updated_at":"2025-10-07T07:46:26.943Z","source":"api","compute_id":"None","ttl":"None"}}}',
  )
})

test('a second write replaces the whole category, keeps created_at and moves updated_at', async () => {
  now = FIRST
  await service.write('replaced', { cat: { gone: 1, kept: 1 } })
  now = LATER
  await service.write('replaced', { cat: { kept: 2 } })

  const { json } = await service.read('replaced', 'cat')

  expect(json).toMatchObject({
    features: { data: { kept: 2 }, metadata: { created_at: FIRST.toISOString(), updated_at: LATER.toISOString() } },
  })
  expect(json).not.toHaveProperty('features.data.gone')
})
