import { afterAll, beforeAll, expect, test } from 'vitest'
import { putRawItem } from '../support/put-raw-item.ts'
import { type Item, startTestService, type TestService } from '../support/test-service.ts'

const NOW = '2025-10-07T07:46:26.943Z'
// What a second write gets in the same millisecond.
const NEXT = '2025-10-07T07:46:26.944Z'
const CREATED = '2024-01-02T03:04:05.678Z'
const UPDATED = '2024-05-06T07:08:09.012Z'

let service: TestService

beforeAll(async () => {
  service = await startTestService({ now: () => new Date(NOW) })
})

afterAll(async () => {
  await service.close()
})

type Attributes = Record<string, Item[string]>

const NESTED_METADATA: Attributes = {
  created_at: { S: CREATED },
  updated_at: { S: UPDATED },
  source: { S: 'batch-job' },
  compute_id: { S: 'run-7' },
  ttl: { S: 'None' },
}

/** An item as the older service wrote it: everything inside `features`. */
function olderItem(identifier: string, metadata: Attributes = NESTED_METADATA, data: Attributes = { f: { N: '1.5' } }): Item {
  return {
    bright_uid: { S: identifier },
    category: { S: 'cat' },
    features: { M: { data: { M: data }, metadata: { M: metadata } } },
  }
}

test('an older item is read as the same shape, by both reads', async () => {
  await service.put(olderItem('older'))

  const single = await service.read('older', 'cat')
  const several = await service.filter('older', { cat: [] })

  expect(single.text).toBe(
    '{"bright_uid":"older","category":"cat","features":{"data":{"f":1.5},"metadata":' +
      `{"created_at":"${CREATED}","updated_at":"${UPDATED}","source":"batch-job","compute_id":"run-7","ttl":"None"}}}`,
  )
  expect(several.json).toHaveProperty('items', { cat: single.json })
})

test('an older item of the account table is read under its own key', async () => {
  const { features } = olderItem('any')
  await service.put(
    { account_id: { S: 'older-account' }, category: { S: 'cat' }, ...(features ? { features } : {}) },
    'account_id',
  )

  const { json } = await service.read('older-account', 'cat', 'account_id')

  expect(json).toMatchObject({ account_id: 'older-account', features: { data: { f: 1.5 }, metadata: { created_at: CREATED } } })
})

test('timestamps with microseconds and no zone, and a ttl that is a number, are returned as they were stored', async () => {
  const created_at = '2024-01-02T03:04:05.678901'
  const updated_at = '2024-05-06T07:08:09'
  await service.put(
    olderItem('python', { ...NESTED_METADATA, created_at: { S: created_at }, updated_at: { S: updated_at }, ttl: { N: '3600' } }),
  )

  const { json } = await service.read('python', 'cat')

  expect(json).toHaveProperty('features.metadata', {
    created_at,
    updated_at,
    source: 'batch-job',
    compute_id: 'run-7',
    ttl: 3600,
  })
})

test('an older item that is overwritten keeps its created_at, now beside the features', async () => {
  await service.put(olderItem('overwritten'))

  await service.write('overwritten', { cat: { g: 2 } })
  await service.write('overwritten', { cat: { g: 3 } })

  expect(await service.stored('overwritten', 'cat')).toStrictEqual({
    bright_uid: { S: 'overwritten' },
    category: { S: 'cat' },
    created_at: { S: CREATED },
    version: { N: String(Date.parse(NEXT)) },
    features: {
      M: {
        data: { M: { g: { N: '3' } } },
        metadata: { M: { updated_at: { S: NEXT }, source: { S: 'api' }, compute_id: { S: 'None' }, ttl: { S: 'None' } } },
      },
    },
  })
  const { json } = await service.read('overwritten', 'cat')
  expect(json).toHaveProperty('features.metadata.created_at', CREATED)
})

test('an older created_at with microseconds is kept to the letter when overwritten', async () => {
  const created_at = { S: '2024-01-02T03:04:05.678901' }
  await service.put(olderItem('overwritten-python', { ...NESTED_METADATA, created_at }))

  await service.write('overwritten-python', { cat: {} })

  expect(await service.stored('overwritten-python', 'cat')).toMatchObject({ created_at })
})

test('created_at beside the features wins over the one inside them', async () => {
  await service.put({ ...olderItem('both-places'), created_at: { S: '2023-03-03T03:03:03.333Z' } })

  const before = await service.read('both-places', 'cat')
  await service.write('both-places', { cat: {} })
  const after = await service.read('both-places', 'cat')

  expect(before.json).toHaveProperty('features.metadata.created_at', '2023-03-03T03:03:03.333Z')
  expect(after.json).toHaveProperty('features.metadata.created_at', '2023-03-03T03:03:03.333Z')
})

test('sets are read as arrays and binary as base64, at any depth', async () => {
  const binary = { B: new Uint8Array([0, 255, 254]) }
  await service.put(
    olderItem('sets', NESTED_METADATA, {
      strings: { SS: ['b', 'a'] },
      numbers: { NS: ['3', '1.5'] },
      binaries: { BS: [new Uint8Array([1]), new Uint8Array([2, 3])] },
      binary,
      empty: { B: new Uint8Array() },
      deep: { L: [{ M: { set: { SS: ['only'] }, binary } }] },
    }),
  )

  const { json } = await service.read('sets', 'cat')

  // A set has no order.
  expect(json).toHaveProperty('features.data', {
    strings: expect.toSatisfy((array: string[]) => array.toSorted().join() === 'a,b'),
    numbers: expect.toSatisfy((array: number[]) => array.toSorted().join() === '1.5,3'),
    binaries: expect.toSatisfy((array: string[]) => array.toSorted().join() === 'AQ==,AgM='),
    binary: 'AP/+',
    empty: '',
    deep: [{ set: ['only'], binary: 'AP/+' }],
  })
})

test('numbers beyond a double are read with every digit, in sets too', async () => {
  const longest = '12345678901234567890123456789012345678'
  const fraction = '-0.1234567890123456789'
  await service.put(
    olderItem('numbers', NESTED_METADATA, {
      longest: { N: longest },
      fraction: { N: fraction },
      set: { NS: ['9007199254740993'] },
      largest: { N: '1E+125' },
      smallest: { N: '1E-130' },
      zero: { N: '0' },
    }),
  )

  const { text, json } = await service.read('numbers', 'cat')

  expect(text).toMatch(new RegExp(`"longest":${longest}[,}]`))
  expect(text).toMatch(new RegExp(`"fraction":${fraction}[,}]`))
  expect(text).toContain('"set":[9007199254740993]')
  expect(json).toHaveProperty('features.data.largest', 1e125)
  expect(json).toHaveProperty('features.data.smallest', 1e-130)
  expect(json).toHaveProperty('features.data.zero', 0)
})

test('an item with sets and binary is replaced like any other', async () => {
  await service.put(olderItem('sets-replaced', NESTED_METADATA, { set: { SS: ['a'] }, binary: { B: new Uint8Array([1]) } }))

  await service.write('sets-replaced', { cat: { a: 1 } })

  const { json } = await service.read('sets-replaced', 'cat')
  expect(json).toMatchObject({ features: { metadata: { created_at: CREATED } } })
  expect(json).toHaveProperty('features.data', { a: 1 })
})

const INCOMPLETE: Record<string, Attributes> = {
  'no features': {},
  'features that are empty': { features: { M: {} } },
  'no metadata': { features: { M: { data: { M: {} } } } },
  'empty metadata and no data': { features: { M: { metadata: { M: {} } } } },
  'features that are no map': { features: { S: 'odd' } },
  'metadata that is no map': { features: { M: { data: { M: {} }, metadata: { NULL: true } } } },
}

test.for(Object.entries(INCOMPLETE))('an item with %s is read with no data and default metadata', async ([name, attributes]) => {
  await service.put({ bright_uid: { S: name }, category: { S: 'read' }, ...attributes })

  const { status, json } = await service.read(name, 'read')

  expect(status).toBe(200)
  expect(json).toHaveProperty('features', {
    data: {},
    metadata: { created_at: null, updated_at: null, source: 'api', compute_id: 'None', ttl: 'None' },
  })
})

test.for(Object.entries(INCOMPLETE))(
  'an item with %s can be overwritten, and was then created now',
  async ([name, attributes]) => {
    await service.put({ bright_uid: { S: name }, category: { S: 'write' }, ...attributes })

    const { status } = await service.write(name, { write: { a: 1 } })

    expect(status).toBe(200)
    const { json } = await service.read(name, 'write')
    expect(json).toHaveProperty('features', {
      data: { a: 1 },
      metadata: { created_at: NOW, updated_at: NOW, source: 'api', compute_id: 'None', ttl: 'None' },
    })
  },
)

test('an item that was to expire does not after it is overwritten', async () => {
  await service.put({ ...olderItem('expiring'), expires_at: { N: '4102444800' } })

  await service.write('expiring', { cat: { a: 1 } })

  expect(await service.stored('expiring', 'cat')).not.toHaveProperty('expires_at')
})

test('a stored feature named __proto__ does no harm to the others', async () => {
  const data = '{"f":{"N":"1"},"__proto__":{"M":{"polluted":{"S":"yes"}}},"deep":{"M":{"__proto__":{"S":"x"},"g":{"N":"2"}}}}'
  await putRawItem(
    service,
    `{"bright_uid":{"S":"proto"},"category":{"S":"cat"},"features":{"M":{"data":{"M":${data}},"metadata":{"M":{}}}}}`,
  )

  const whole = await service.read('proto', 'cat')
  const named = await service.filter('proto', '{"cat":["f","polluted"]}')

  expect(whole).toMatchObject({ status: 200, json: { features: { data: { f: 1, deep: { g: 2 } } } } })
  expect(named.json).toHaveProperty('items.cat.features.data', { f: 1 })
  expect(named.json).toHaveProperty('missing_features', { cat: ['polluted'] })
  expect({}).not.toHaveProperty('polluted')
})
