import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestService, type TestService } from '../support/test-service.ts'

const URL = '/api/v1/get/items'

let service: TestService

beforeAll(async () => {
  service = await startTestService()
  await service.write('large', { cat: { text: 'x'.repeat(300_000) } })
})

afterAll(async () => {
  await service.close()
})

function readTimes(count: number) {
  return service.request('POST', URL, { identifiers: Array(count).fill('large'), categories: { cat: [] } })
}

test('an entity named again and again, as far as its reply stays bounded, is answered each time', async () => {
  const { status, json } = await readTimes(50)

  const { entities } = json as { entities: { items: { cat: { features: { data: { text: string } } } } }[] }
  expect(status).toBe(200)
  expect(entities.map(({ items }) => items.cat.features.data.text.length)).toStrictEqual(Array(50).fill(300_000))
})

test('one named so often that its reply would be huge is refused', async () => {
  const reply = await readTimes(1000)

  expect(reply).toMatchObject({ status: 422, json: { code: 'VALIDATION_FAILED', errors: [{ path: '$.identifiers' }] } })
})
