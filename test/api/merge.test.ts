import { afterAll, beforeAll, expect, test } from 'vitest'
import { patchItem } from '../support/item-changes.ts'
import { startTestService, type TestService } from '../support/test-service.ts'

let service: TestService

beforeAll(async () => {
  service = await startTestService()
})

afterAll(async () => {
  await service.close()
})

async function dataOf(identifier: string, category = 'cat'): Promise<unknown> {
  const { json } = await service.read(identifier, category)
  return (json as { features: { data: unknown } }).features.data
}

test('the reply names the category with how many features were set and how many removed', async () => {
  await service.write('counted', { cat: { a: 1, b: 2, c: 3 } })

  const reply = await patchItem(service, 'counted', 'cat', { a: 9, d: [1, 2], e: { x: null }, b: null })

  expect(reply.status).toBe(200)
  expect(reply.text).toBe(
    '{"message":"Features merged successfully","identifier":"counted","table_type":"bright_uid",' +
      '"results":{"cat":{"status":"merged","feature_count":3,"removed_count":1}}}',
  )
})

/** What RFC 7396, Appendix A, says of objects, one level deep; what was stored, the patch, what is stored then. */
const MERGES: [string, object, object, object][] = [
  ['a feature is replaced', { a: 'b' }, { a: 'c' }, { a: 'c' }],
  ['a feature is added', { a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
  ['a null removes', { a: 'b' }, { a: null }, {}],
  ['a null leaves the others', { a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
  ['an array becomes a text', { a: ['b'] }, { a: 'c' }, { a: 'c' }],
  ['a text becomes an array', { a: 'c' }, { a: ['b'] }, { a: ['b'] }],
  ['an array is replaced whole', { a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
  ['a null that is stored stays', { e: null }, { a: 1 }, { e: null, a: 1 }],
  ['a null that is stored is removed by a null', { e: null, a: 1 }, { e: null }, { a: 1 }],
  ['a null for what is not there removes nothing', { a: 1 }, { b: null }, { a: 1 }],
  ['everything is removed', { a: 1, b: 2 }, { a: null, b: null }, {}],
  ['into nothing', {}, { a: 1, b: null }, { a: 1 }],
  ['the same again', { a: 1 }, { a: 1 }, { a: 1 }],
  ['false, zero and an empty text are values', { a: 1, b: 1, c: 1 }, { a: false, b: 0, c: '' }, { a: false, b: 0, c: '' }],
  ['empty containers are values', { a: 1, b: 1 }, { a: {}, b: [] }, { a: {}, b: [] }],
]

test.for(MERGES)('%s', async ([what, stored, patch, merged]) => {
  await service.write(what, { cat: stored })

  const reply = await patchItem(service, what, 'cat', patch)

  expect(reply.status).toBe(200)
  expect(await dataOf(what)).toStrictEqual(merged)
})

test('below the top level nothing is merged: an object is replaced whole, and a null in it is a value', async () => {
  await service.write('whole', { cat: { a: { b: 'c', d: 'e' }, f: 1 } })

  await patchItem(service, 'whole', 'cat', { a: { b: null, g: { h: null } } })

  expect(await dataOf('whole')).toStrictEqual({ a: { b: null, g: { h: null } }, f: 1 })
})

test('a patch sent twice leaves what one leaves', async () => {
  await service.write('twice', { cat: { a: 1, b: 2 } })

  await patchItem(service, 'twice', 'cat', { a: 5, b: null, c: 6 })
  const again = await patchItem(service, 'twice', 'cat', { a: 5, b: null, c: 6 })

  expect(again.status).toBe(200)
  expect(await dataOf('twice')).toStrictEqual({ a: 5, c: 6 })
})

test('of a name that is in a patch twice, the last one counts', async () => {
  await service.write('repeated', { cat: { a: 1, b: 1 } })

  await patchItem(service, 'repeated', 'cat', '{"a":null,"a":2,"b":2,"b":null}')

  expect(await dataOf('repeated')).toStrictEqual({ a: 2 })
})

test.for(['application/merge-patch+json', 'application/merge-patch+json; charset=utf-8', 'APPLICATION/MERGE-PATCH+JSON'])(
  'a patch may be %j',
  async (contentType) => {
    await service.write(contentType, { cat: { a: 1 } })

    const reply = await patchItem(service, contentType, 'cat', { b: 2 }, { headers: { 'content-type': contentType } })

    expect(reply.status).toBe(200)
    expect(await dataOf(contentType)).toStrictEqual({ a: 1, b: 2 })
  },
)

test('other categories, other entities and the other table stay as they were', async () => {
  await service.write('merged', { cat: { a: 1 }, beside: { a: 1 } })
  await service.write('other', { cat: { a: 1 } })
  await service.write('merged', { cat: { a: 1 } }, 'account_id')
  const stored = () =>
    Promise.all([
      service.stored('merged', 'beside'),
      service.stored('other', 'cat'),
      service.stored('merged', 'cat', 'account_id'),
    ])
  const before = await stored()

  await patchItem(service, 'merged', 'cat', { a: 2, b: 3 })

  expect(await stored()).toStrictEqual(before)
})

test('a patch in the account table is merged there', async () => {
  await service.write('account', { cat: { a: 1 } }, 'account_id')

  const reply = await patchItem(service, 'account', 'cat', { b: 2 }, { tableType: 'account_id' })

  expect(reply.json).toMatchObject({ identifier: 'account', table_type: 'account_id' })
  expect(await service.read('account', 'cat', 'account_id')).toMatchObject({ json: { features: { data: { a: 1, b: 2 } } } })
  expect(await service.stored('account', 'cat')).toBeUndefined()
})

test('what was merged is what every kind of read shows', async () => {
  await service.write('shown', { cat: { a: 1, b: 2 } })

  await patchItem(service, 'shown', 'cat', { b: null, c: 3 })

  const { json } = await service.filter('shown', { cat: ['a', 'b', 'c'] })
  expect(json).toMatchObject({ items: { cat: { features: { data: { a: 1, c: 3 } } } }, missing_features: { cat: ['b'] } })
})
