import { afterAll, beforeAll, expect, test } from 'vitest'
import { categoriesOf, readAllPages } from '../support/entity-calls.ts'
import { storedItem } from '../support/stored-items.ts'
import { startTestService, type TestService } from '../support/test-service.ts'

// One Query of DynamoDB looks at 1 MB at most.
const LARGE = Array.from({ length: 8 }, (_, index) => `large-${index}`)
const SMALL = ['after', 'zero']
const LENGTH = 390_000

let service: TestService

beforeAll(async () => {
  service = await startTestService()
  for (const category of LARGE) await service.write('big', { [category]: { f: valueIn(category) } })
  await service.write('big', Object.fromEntries(SMALL.map((category) => [category, { f: category }])))
})

afterAll(async () => {
  await service.close()
})

function valueIn(category: string): string {
  return category.startsWith('large') ? category.padEnd(LENGTH, '.') : category
}

test.for([1, 3, 100])('an entity of over 3 MB is given whole by pages of up to %i', async (limit) => {
  const pages = await readAllPages(service, 'big', { limit })

  const all = [...LARGE, ...SMALL].toSorted()
  expect(categoriesOf(pages)).toStrictEqual(all)
  const wrong = pages.flatMap(({ items }) =>
    Object.entries(items).filter(([category, { features }]) => features.data.f !== valueIn(category)),
  )
  expect(wrong.map(([category]) => category)).toStrictEqual([])
  for (const { items } of pages) expect(Object.keys(items).length).toBeGreaterThan(0)
})

test('more than 1 MB of expired categories hides none behind them', async () => {
  for (const category of LARGE) {
    const expired = storedItem('hollow', category, 1)
    await service.put({ ...expired, filling: { S: 'x'.repeat(LENGTH) } })
  }
  await service.write('hollow', { zero: { f: 1 } })

  for (const limit of [1, 100]) {
    const pages = await readAllPages(service, 'hollow', { limit })

    expect(categoriesOf(pages)).toStrictEqual(['zero'])
  }
})
