import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { categoriesOf, type Page, readAllPages, readPage } from '../support/entity-calls.ts'
import { expectProblem } from '../support/expect-problem.ts'
import { storedItem } from '../support/stored-items.ts'
import { startTestService, type TestService } from '../support/test-service.ts'

const NOW = Date.parse('2099-10-07T07:46:26.943Z')
const NOW_SECONDS = Math.floor(NOW / 1000)

let service: TestService
let now: number

beforeAll(async () => {
  service = await startTestService({ now: () => new Date(now) })
})

beforeEach(() => {
  now = NOW
})

afterAll(async () => {
  await service.close()
})

/** Stores the categories named by the letters of a text: those in capitals have expired. */
async function storeLetters(identifier: string, letters: string): Promise<void> {
  for (const [index, letter] of [...letters].entries()) {
    const isExpired = letter === letter.toUpperCase()
    const category = `${String(index).padStart(3, '0')}-${letter}`
    await service.put(storedItem(identifier, category, isExpired ? NOW_SECONDS - index : undefined))
  }
}

function lettersOf(pages: readonly Page[]): string {
  return categoriesOf(pages)
    .map((category) => category.at(-1))
    .join('')
}

const SEQUENCES = ['aBcDeF', 'ABCDEFg', 'aBCDEFGHIj', 'abcdEFGHIJ', 'AbCDefGHIjklMNOPqrstUVWXYz'] as const

test.for(SEQUENCES.flatMap((letters) => [1, 2, 3, 100].map((limit) => [letters, limit] as const)))(
  'of %s, where capitals have expired, pages of %i give the small letters once and in order, and none is empty on the way',
  async ([letters, limit]) => {
    await storeLetters(letters, letters)

    const pages = await readAllPages(service, letters, { limit })

    expect(lettersOf(pages)).toBe(letters.replaceAll(/[A-Z]/g, ''))
    for (const { items, next_cursor } of pages) {
      expect(Object.keys(items).length).toBeLessThanOrEqual(limit)
      if (next_cursor !== undefined) expect(Object.keys(items)).not.toEqual([])
    }
  },
)

test.for(['A', 'ABC', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'])(
  'an entity of only expired categories (%s) is 404, by any limit',
  async (letters) => {
    await storeLetters('expired', letters)

    for (const limit of [1, 2, 1000]) expectProblem(await readPage(service, 'expired', { limit }), 404, 'ITEM_NOT_FOUND')
  },
)

test('a category is on its page until the second in which it expires, and not from then on', async () => {
  await service.put(storedItem('second', 'cat', NOW_SECONDS + 10))
  await service.put(storedItem('second', 'lasting'))
  now = (NOW_SECONDS + 10) * 1000 - 1
  const before = await readAllPages(service, 'second')
  now += 1

  const after = await readAllPages(service, 'second')

  expect(categoriesOf(before)).toStrictEqual(['cat', 'lasting'])
  expect(categoriesOf(after)).toStrictEqual(['lasting'])
})

test('what was written with a ttl shows it, and is gone from the pages when it is over', async () => {
  await service.request('POST', '/api/v1/items/ttl?ttl=60', { short: { f: 1 } })
  const before = (await readPage(service, 'ttl')).json
  now += 60_000

  const after = await readPage(service, 'ttl')

  expect(before).toHaveProperty('items.short.features.metadata.ttl', 60)
  expect(before).toHaveProperty('items.short.features.metadata.expires_at', '2099-10-07T07:47:26.000Z')
  expectProblem(after, 404, 'ITEM_NOT_FOUND')
})

test.for([1, 2, 3, 100])('deleted categories are on no page of %i', async (limit) => {
  const names = [...'abcdefghij']
  await service.write(`deleted-${limit}`, Object.fromEntries(names.map((name) => [name, { name }])))
  for (const name of [...'abceij']) await service.request('DELETE', `/api/v1/items/deleted-${limit}/${name}`)

  const pages = await readAllPages(service, `deleted-${limit}`, { limit })

  expect(categoriesOf(pages)).toStrictEqual([...'dfgh'])
  for (const { items, next_cursor } of pages) if (next_cursor !== undefined) expect(Object.keys(items)).not.toEqual([])
})

test('an entity that was deleted as a whole is 404', async () => {
  await service.write('erased', { a: { f: 1 }, b: { f: 1 } })
  await service.request('DELETE', '/api/v1/items/erased')

  const reply = await readPage(service, 'erased')

  expectProblem(reply, 404, 'ITEM_NOT_FOUND')
})

test('a cursor behind which everything has expired meanwhile leads to an empty last page', async () => {
  await service.put(storedItem('fading', 'a'))
  await service.put(storedItem('fading', 'b', NOW_SECONDS + 10))
  const first = (await readPage(service, 'fading', { limit: 1 })).json as Page
  now += 60_000

  const second = await readPage(service, 'fading', { limit: 1, cursor: first.next_cursor ?? '' })

  expect(second).toMatchObject({ status: 200, json: { items: {} } })
  expect(second.json).not.toHaveProperty('next_cursor')
})

test('expired and deleted categories are missing for a read of many entities, and those beside them are not', async () => {
  await service.put(storedItem('many', 'expired', NOW_SECONDS))
  await service.put(storedItem('many', 'last-second', NOW_SECONDS + 1))
  await service.write('many', { deleted: { f: 1 } })
  await service.request('DELETE', '/api/v1/items/many/deleted')

  const { json } = await service.request('POST', '/api/v1/get/items', {
    identifiers: ['many'],
    categories: { expired: [], deleted: ['f'], 'last-second': ['f'] },
  })

  expect(json).toMatchObject({
    entities: [
      {
        items: { 'last-second': { features: { data: { f: 'last-second' } } } },
        missing_categories: ['expired', 'deleted'],
        missing_features: {},
      },
    ],
  })
})
