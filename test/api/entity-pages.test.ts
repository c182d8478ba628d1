import { afterAll, beforeAll, expect, test } from 'vitest'
import { categoriesOf, type Page, readAllPages, readPage, type ShownItem } from '../support/entity-calls.ts'
import { expectProblem } from '../support/expect-problem.ts'
import { startTestService, type TestService } from '../support/test-service.ts'

const NOW = '2099-10-07T07:46:26.943Z'
const METADATA = { created_at: NOW, updated_at: NOW, source: 'api', compute_id: 'None', ttl: 'None' }
const COUNT = 23

let service: TestService

beforeAll(async () => {
  service = await startTestService({ now: () => new Date(NOW) })
  await service.write('paged', bodyOf(categories(COUNT)))
  // Neighbours whose items must not be taken for its own.
  await service.write('page', bodyOf(categories(3)))
  await service.write('paged2', bodyOf(categories(3)))
  await service.write('paged', bodyOf(['of-another-table']), 'account_id')
})

afterAll(async () => {
  await service.close()
})

function categories(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `cat-${100 + index}`)
}

function bodyOf(names: readonly string[]) {
  return Object.fromEntries(names.map((name) => [name, { name }]))
}

test('all that an entity has comes in one reply when it fits, whole and in the documented order', async () => {
  await service.write('small', { b: { f: [1, null] }, a: {} })

  const reply = await readPage(service, 'small')

  const item = (name: string, data: string) =>
    `"${name}":{"bright_uid":"small","category":"${name}","features":{"data":${data},"metadata":${JSON.stringify(METADATA)}}}`
  expect(reply.status).toBe(200)
  expect(reply.text).toBe(
    `{"identifier":"small","table_type":"bright_uid","items":{${item('a', '{}')},${item('b', '{"f":[1,null]}')}}}`,
  )
})

test.for([1, 2, 3, 7, 22, 23, 24, 100, 1000])(
  'pages of up to %i give each category once, in order, and nothing of others',
  async (limit) => {
    const pages = await readAllPages(service, 'paged', { limit })

    expect(categoriesOf(pages)).toStrictEqual(categories(COUNT))
    expect(pages).toHaveLength(Math.ceil(COUNT / limit))
    for (const { items } of pages) expect(Object.keys(items).length).toBeLessThanOrEqual(limit)
    const shown = Object.assign({}, ...pages.map(({ items }) => items)) as Record<string, ShownItem>
    expect(Object.values(shown).map(({ features }) => features.data)).toStrictEqual(Object.values(bodyOf(categories(COUNT))))
  },
)

test('a page that holds exactly what is left is the last, and says so', async () => {
  const exact = await readPage(service, 'paged', { limit: COUNT })
  const oneLess = await readPage(service, 'paged', { limit: COUNT - 1 })

  expect(exact.json).not.toHaveProperty('next_cursor')
  expect(oneLess.json).toHaveProperty('next_cursor', expect.stringMatching(/./))
})

test('without a limit a page holds 100 categories', async () => {
  await service.write('hundred-and-one', bodyOf(categories(101)))

  const [first, second, ...others] = await readAllPages(service, 'hundred-and-one')

  expect(Object.keys(first?.items ?? {})).toStrictEqual(categories(101).slice(0, 100))
  expect(Object.keys(second?.items ?? {})).toStrictEqual(categories(101).slice(100))
  expect(others).toEqual([])
})

test('each table answers for itself, under its own key', async () => {
  const reply = await readPage(service, 'paged', { table_type: 'account_id' })

  expect(reply.json).toStrictEqual({
    identifier: 'paged',
    table_type: 'account_id',
    items: {
      'of-another-table': {
        account_id: 'paged',
        category: 'of-another-table',
        features: { data: { name: 'of-another-table' }, metadata: METADATA },
      },
    },
  })
})

test.for(['nobody', '__proto__', 'constructor', '🦊', 'pag', 'paged/'])(
  'an entity %s that has nothing is 404',
  async (identifier) => {
    const reply = await readPage(service, identifier)

    expectProblem(reply, 404, 'ITEM_NOT_FOUND')
  },
)

test('a page after which everything was deleted is followed by an empty one that is the last, and no 404', async () => {
  await service.write('shrinking', bodyOf(['a', 'b']))
  const first = (await readPage(service, 'shrinking', { limit: 1 })).json as Page
  await service.request('DELETE', '/api/v1/items/shrinking/b')

  const second = await readPage(service, 'shrinking', { limit: 1, cursor: first.next_cursor ?? '' })

  expect(second.status).toBe(200)
  expect(second.json).toStrictEqual({ identifier: 'shrinking', table_type: 'bright_uid', items: {} })
})

test('what is written behind a cursor is on a later page, what is written before it is not', async () => {
  await service.write('growing', bodyOf(['b', 'd']))
  const first = (await readPage(service, 'growing', { limit: 1 })).json as Page
  await service.write('growing', bodyOf(['a', 'c', 'e']))

  const second = (await readPage(service, 'growing', { cursor: first.next_cursor ?? '' })).json as Page

  expect(Object.keys(first.items)).toStrictEqual(['b'])
  expect(Object.keys(second.items)).toStrictEqual(['c', 'd', 'e'])
})
