import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import type { Features } from '../../src/features/feature-record.ts'
import { type ItemShape, MULTI_BYTE_SHAPES, SHAPES } from '../support/item-shapes.ts'
import { plainAttribute } from '../support/plain-encoding.ts'
import { type Item, startTestService, type TestService } from '../support/test-service.ts'

const LIMIT_BYTES = 400 * 1024

let service: TestService
/** An item as the service stores it, without features. */
let emptyItem: Item
/** The longest ASCII string that the store takes as an item's only feature `pad`. */
let room: number
let callsToStore = 0

beforeAll(async () => {
  service = await startTestService()
  await service.write('raw', { cat: {} })
  // A version that ends in a zero would take a byte less.
  emptyItem = { ...(await service.stored('raw', 'cat')), version: { N: '1763860000001' } }
  room = await findLargest(LIMIT_BYTES, (length) => storeTakes({ pad: 'x'.repeat(length) }))
  const { requestHandler } = service.store.client.config
  const handle: typeof requestHandler.handle = (request, options) => {
    callsToStore += 1
    return requestHandler.handle(request, options)
  }
  service.store.client.config.requestHandler = Object.assign(Object.create(requestHandler), { handle })
})

afterAll(async () => {
  await service.close()
})

/** Features as the SDK takes them. */
function attributesOf(features: Features): Record<string, AttributeValue> {
  const attributes = Object.entries(features).map(([name, value]) => [name, plainAttribute(value) as AttributeValue])
  return Object.fromEntries(attributes)
}

async function findLargest(tooMuch: number, fits: (size: number) => Promise<boolean>): Promise<number> {
  let largest = 0
  for (let refused = tooMuch; refused - largest > 1; ) {
    const middle = Math.floor((largest + refused) / 2)
    if (await fits(middle)) largest = middle
    else refused = middle
  }
  return largest
}

/** Whether the store itself takes an item of the service's form with these features. */
async function storeTakes(features: Features): Promise<boolean> {
  const metadata = emptyItem.features?.M?.metadata ?? { M: {} }
  try {
    await service.put({ ...emptyItem, features: { M: { data: { M: attributesOf(features) }, metadata } } })
    return true
  } catch (error) {
    if (error instanceof Error && error.message.includes('Item size has exceeded')) return false
    throw error
  }
}

/** A shape's features and a string that fills the item up to the last byte; `over`: by so many bytes too many. */
function fill({ features, bytes }: ItemShape, over = 0): Features {
  return { ...features, pad: 'x'.repeat(room - bytes + over) }
}

const tooLarge = { status: 413, code: 'ITEM_TOO_LARGE', title: 'Item too large' }

test.for([...SHAPES, ...MULTI_BYTE_SHAPES])('the largest item that DynamoDB takes is accepted: $what', async (shape) => {
  const largest = fill(shape)

  expect(await storeTakes(largest)).toBe(true)
  expect(await service.write('big', { cat: largest })).toMatchObject({ status: 200 })
  expect((await service.stored('big', 'cat'))?.features?.M?.data?.M?.pad).toEqual({ S: largest.pad })
})

test.for(SHAPES)('the store refuses one byte more than that: $what', async (shape) => {
  expect(await storeTakes(fill(shape, 1))).toBe(false)
})

test.for(MULTI_BYTE_SHAPES)('only the embedded store, which counts characters, would take a byte more: $what', async (shape) => {
  expect(await storeTakes(fill(shape, 1))).toBe(inject('storeEndpoint') === 'embedded')
})

test.for([...SHAPES, ...MULTI_BYTE_SHAPES])('one byte more is refused with 413, whoever notices: $what', async (shape) => {
  await service.write('over', { cat: { f: 'before' } })
  const before = await service.stored('over', 'cat')
  callsToStore = 0

  const reply = await service.write('over', { cat: fill(shape, 1) })

  const results = { cat: { status: 'failed', code: 'ITEM_TOO_LARGE' } }
  expect(reply.json).toMatchObject(shape.refusedBy === 'store' ? { ...tooLarge, results } : tooLarge)
  expect({ status: reply.status, callsToStore }).toEqual({ status: 413, callsToStore: shape.refusedBy === 'store' ? 1 : 0 })
  expect(await service.stored('over', 'cat')).toEqual(before)
})

test.for([...SHAPES, ...MULTI_BYTE_SHAPES])('what is clearly over is refused before the store: $what', async (shape) => {
  callsToStore = 0

  const reply = await service.write('never', { cat: { ...shape.features, pad: 'x'.repeat(LIMIT_BYTES) } })

  expect(reply).toMatchObject({ status: 413, json: tooLarge })
  expect(callsToStore).toBe(0)
})

test.for(['bright_uid', 'account_id'] as const)('every byte of a long key counts, in the table by %s', async (tableType) => {
  const [identifier, category] = ['🦊'.repeat(512), 'é'.repeat(512)]
  const length = room - (2048 + 1024 - 'rawcat'.length)

  const [fits, over] = [
    await service.write(identifier, { [category]: { pad: 'x'.repeat(length) } }, tableType),
    await service.write(identifier, { [category]: { pad: 'x'.repeat(length + 1) } }, tableType),
  ]

  expect(fits).toMatchObject({ status: 200 })
  expect(over).toMatchObject({ status: 413, json: tooLarge })
})

test('one category that is clearly over keeps the others from being written, and is named', async () => {
  const reply = await service.write('several', { small: { f: 1 }, large: { f: 'x'.repeat(LIMIT_BYTES) } })

  expect(reply).toMatchObject({ status: 413, json: { ...tooLarge, detail: expect.stringContaining('"large"') } })
  expect(await service.stored('several', 'small')).toBeUndefined()
})

test('one category that only the store finds too large does not hide that another was replaced', async () => {
  const negatives = SHAPES.find(({ refusedBy }) => refusedBy === 'store')
  const large = negatives ? fill(negatives, 1000) : {}

  const reply = await service.write('partly', { cat: large, one: { f: 1 } })

  const results = { cat: { status: 'failed', code: 'ITEM_TOO_LARGE' }, one: { status: 'replaced', feature_count: 1 } }
  expect(reply).toMatchObject({ status: 413, json: { ...tooLarge, results } })
  expect(await service.stored('partly', 'cat')).toBeUndefined()
  expect(await service.stored('partly', 'one')).toBeDefined()
})
