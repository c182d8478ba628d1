import { expect, test } from 'vitest'
import type { Item } from '../../src/dynamodb/items/attribute.ts'
import { StoreError } from '../../src/errors.ts'
import { itemOf, servedOf } from '../support/stored-record.ts'

/** What a reply has in an attribute's place: JSON of any kind. */
function reply(json: string): Item {
  return JSON.parse(json)
}

const UNREADABLE = [
  ...['null', '5', '"text"', 'true', '[]', '{}', '{"X":"1"}', '{"S":5}', '{"S":null}', '{"N":5}', '{"N":""}', '{"N":"abc"}'],
  ...['{"N":"1e"}', '{"N":"Infinity"}', '{"N":"1,5"}', '{"BOOL":"true"}', '{"NULL":false}', '{"M":[]}', '{"M":null}', '{"L":{}}'],
  ...['{"L":[null]}', '{"M":{"a":5}}', '{"SS":["a",1]}', '{"NS":[1]}', '{"NS":["x"]}', '{"B":5}', '{"B":"A"}', '{"B":"A==="}'],
  ...['{"B":"*AAA"}', '{"BS":["AA==",null]}', '{"BS":"AA=="}'],
]

function expectUnreadable(serve: () => unknown): void {
  expect(serve).toThrow(StoreError)
  expect(serve).toThrow(
    expect.objectContaining({ code: 'STORE_UNAVAILABLE', message: 'The store answered with an item that cannot be read.' }),
  )
}

test.for(UNREADABLE)('%s in a feature’s place is no answer', (json) => {
  const item = itemOf(reply(`{"good":{"N":"1"},"bad":${json}}`))

  expectUnreadable(() => servedOf(item))
  expectUnreadable(() => servedOf(item, ['bad']))
})

test.for(UNREADABLE)('a feature that is asked for by its name is served beside %s', (json) => {
  const item = itemOf(reply(`{"good":{"N":"1"},"bad":${json}}`))

  expect(servedOf(item, ['good', 'nope'])).toMatchObject({ found: 1, missing: ['nope'] })
})

test.for(UNREADABLE)('%s in the place of all features is no answer', (json) => {
  const item = { ...itemOf({}), ...reply(`{"features":${json}}`) }

  expectUnreadable(() => servedOf(item))
  expectUnreadable(() => servedOf(item, ['a']))
})

test.for(UNREADABLE)('%s in the place of metadata that is served is no answer', (json) => {
  const item = itemOf({ a: { N: '1' } }, reply(`{"features":{"M":{"metadata":{"M":{"updated_at":${json}}}}}}`))

  expectUnreadable(() => servedOf(item))
})

test.for(['{"S":"x"}', '{"M":{}}', '{"M":{"data":{"S":"x"}}}', '{"L":[{"N":"1"}]}', '{"NULL":true}'])(
  '%s in the place of the features has none',
  (json) => {
    const item = { ...itemOf({}), ...reply(`{"features":${json}}`) }

    expect(servedOf(item)).toMatchObject({ found: 0, missing: [] })
    expect(servedOf(item, ['a'])).toMatchObject({ found: 0, missing: ['a'] })
  },
)

test('a reply nested deeper than the stack goes is no answer, and harms no other', () => {
  const deep = Array.from({ length: 100_000 }).reduce<unknown>((inner) => ({ L: [inner] }), { N: '1' })
  const item = itemOf({ deep } as Item)

  expectUnreadable(() => servedOf(item))
  expect(servedOf(itemOf({ a: { N: '1' } })).found).toBe(1)
})
