import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { category } from '../support/arbitrary-features.ts'
import { byUtf8Bytes } from '../support/byte-order.ts'
import { categoriesOf, readAllPages } from '../support/entity-calls.ts'
import { startTestService, type TestService } from '../support/test-service.ts'

let service: TestService

beforeAll(async () => {
  service = await startTestService()
})

afterAll(async () => {
  await service.close()
})

function bodyOf(names: readonly string[]) {
  return Object.fromEntries(names.map((name) => [name, { name }]))
}

test('categories come in the order of their bytes, on every page of one', async () => {
  const names = ['~', '\uff5e', '🦊', 'é', 'e\u0301', 'z', 'Z', ' ', '10', '9', '-1', '#', 'constructor', 'toString']
  await service.write('ordered', bodyOf(names))

  const pages = await readAllPages(service, 'ordered', { limit: 1 })

  expect(categoriesOf(pages)).toStrictEqual(names.toSorted(byUtf8Bytes))
})

test('any categories together are given once each, in order, by pages of any size', async () => {
  let entities = 0
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(category, { minLength: 1, maxLength: 25 }),
      fc.integer({ min: 1, max: 10 }),
      async (names, limit) => {
        entities += 1
        await service.write(`any-${entities}`, bodyOf(names))

        const pages = await readAllPages(service, `any-${entities}`, { limit })

        const firstOfPages = names.toSorted(byUtf8Bytes).filter((_, index) => index % limit === 0)
        expect(categoriesOf(pages).toSorted(byUtf8Bytes)).toStrictEqual(names.toSorted(byUtf8Bytes))
        expect(pages).toHaveLength(firstOfPages.length)
        for (const [index, { items }] of pages.entries()) expect(Object.keys(items)).toContain(firstOfPages[index])
      },
    ),
    { numRuns: 20 },
  )
})
