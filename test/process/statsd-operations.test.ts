import { expect, test } from 'vitest'
import { measuredRun, pick } from '../support/measured-run.ts'
import { get, postJson } from '../support/post-json.ts'

const LARGE = 'x'.repeat(450_000)

/** Two writes, of three categories in two tables; two that fail their checks. */
async function write(url: string): Promise<void> {
  const items = `${url}/api/v1/items`
  expect(await postJson(`${items}/user1`, { profile: { age: 30, city: null }, visits: { count: 2 } })).toBe(200)
  expect(await postJson(`${items}/acc1?table_type=account_id`, { balance: { a: 1, b: 2, c: null, d: null } })).toBe(200)
  expect(await postJson(`${items}/user1`, { profile: { text: LARGE } })).toBe(413)
  expect(await postJson(`${items}/user1`, { profile: 1 })).toBe(422)
}

/** Reads of one category: three found, two not stored of a known name, two of names that nobody ever wrote. */
async function read(url: string): Promise<void> {
  const item = `${url}/api/v1/get/item`
  for (const path of ['user1/profile', 'user1/profile', 'acc1/balance?table_type=account_id']) {
    expect(await get(`${item}/${path}`)).toBe(200)
  }
  for (const path of ['nobody/profile', 'nobody/visits', 'user1/junk-1', 'user1/junk-2']) {
    expect(await get(`${item}/${path}`)).toBe(404)
  }
}

/** Reads of several: one where some are found, one where none is. */
async function readMany(url: string): Promise<void> {
  const item = `${url}/api/v1/get/item`
  const some = { profile: ['age', 'city', 'shoe_size', 'shoe_size', 'height'], visits: [], 'junk-3': ['p', 'q'], 'junk-4': [] }
  expect(await postJson(`${item}/user1`, some)).toBe(200)
  expect(await postJson(`${item}/nobody`, { profile: ['age', 'city'], 'junk-5': ['r'] })).toBe(404)
}

test('the counters of operations equal what was written, found, missing and refused, by table and category', async () => {
  const { counters } = await measuredRun(async ({ url }) => {
    await write(url)
    await read(url)
    await readMany(url)
  })

  expect({ ...pick(counters, 'read.'), ...pick(counters, 'write.') }).toEqual({
    'write.multi_category.success;table_type=bright_uid': 1,
    'write.multi_category.success;table_type=account_id': 1,
    'write.multi_category.error;error_type=payload_too_large;table_type=bright_uid': 1,
    'read.single_item.success;category=profile;table_type=bright_uid': 2,
    'read.single_item.success;category=balance;table_type=account_id': 1,
    'read.single_item.not_found;category=profile;table_type=bright_uid': 1,
    'read.single_item.not_found;category=visits;table_type=bright_uid': 1,
    'read.single_item.not_found;category=other;table_type=bright_uid': 2,
    'read.multi_category.success;table_type=bright_uid': 1,
    'read.multi_category.not_found;table_type=bright_uid': 1,
  })
})

test("the counters of DynamoDB's calls equal the calls, the items found and the features written", async () => {
  const { counters } = await measuredRun(async ({ url }) => {
    await write(url)
    await read(url)
    await readMany(url)
  })

  expect(pick(counters, 'dynamodb.')).toEqual({
    'dynamodb.update_item.success;category=profile;table_type=bright_uid': 1,
    'dynamodb.update_item.success;category=visits;table_type=bright_uid': 1,
    'dynamodb.update_item.success;category=balance;table_type=account_id': 1,
    'dynamodb.update_item.feature_count;category=profile;table_type=bright_uid': 2,
    'dynamodb.update_item.feature_count;category=visits;table_type=bright_uid': 1,
    'dynamodb.update_item.feature_count;category=balance;table_type=account_id': 4,
    'dynamodb.get_item.success;category=profile;table_type=bright_uid': 3,
    'dynamodb.get_item.success;category=visits;table_type=bright_uid': 1,
    'dynamodb.get_item.success;category=other;table_type=bright_uid': 2,
    'dynamodb.get_item.success;category=balance;table_type=account_id': 1,
    'dynamodb.get_item.found;category=profile;table_type=bright_uid': 2,
    'dynamodb.get_item.found;category=balance;table_type=account_id': 1,
    'dynamodb.get_item.not_found;category=profile;table_type=bright_uid': 1,
    'dynamodb.get_item.not_found;category=visits;table_type=bright_uid': 1,
    'dynamodb.get_item.not_found;category=other;table_type=bright_uid': 2,
    'dynamodb.batch_get_item.success;table_type=bright_uid': 2,
    'dynamodb.batch_get_item.found;category=profile;table_type=bright_uid': 1,
    'dynamodb.batch_get_item.found;category=visits;table_type=bright_uid': 1,
    'dynamodb.batch_get_item.not_found;category=profile;table_type=bright_uid': 1,
    'dynamodb.batch_get_item.not_found;category=other;table_type=bright_uid': 3,
  })
})

test('the counters of features equal those served, served as null, and asked for in vain', async () => {
  const { counters } = await measuredRun(async ({ url }) => {
    await write(url)
    await read(url)
    await readMany(url)
  })

  expect(pick(counters, 'feature.')).toEqual({
    // 2 features, twice read alone and once among several.
    'feature.found.count;category=profile;table_type=bright_uid': 6,
    'feature.null.count;category=profile;table_type=bright_uid': 3,
    // 1 for the category that nobody has, 2 names of the one that user1 has, 2 of the one that nobody has.
    'feature.missing.count;category=profile;table_type=bright_uid': 5,
    'feature.found.count;category=visits;table_type=bright_uid': 1,
    'feature.missing.count;category=visits;table_type=bright_uid': 1,
    'feature.found.count;category=balance;table_type=account_id': 4,
    'feature.null.count;category=balance;table_type=account_id': 2,
    // junk-1 and junk-2 whole, 2 names of junk-3, junk-4 whole, 1 name of junk-5.
    'feature.missing.count;category=other;table_type=bright_uid': 6,
  })
})

test('there is a duration of every operation and call, however it ended, and an age of every category served', async () => {
  const { timers } = await measuredRun(async ({ url }) => {
    await write(url)
    await read(url)
    await readMany(url)
  })

  const own = Object.entries(timers).filter(([key]) => !key.startsWith('http.'))
  expect(Object.fromEntries(own.map(([key, values]) => [key, values.length]))).toEqual({
    'write.multi_category.duration;table_type=bright_uid': 2,
    'write.multi_category.duration;table_type=account_id': 1,
    'read.single_item.duration;category=profile;table_type=bright_uid': 3,
    'read.single_item.duration;category=visits;table_type=bright_uid': 1,
    'read.single_item.duration;category=other;table_type=bright_uid': 2,
    'read.single_item.duration;category=balance;table_type=account_id': 1,
    'read.multi_category.duration;table_type=bright_uid': 2,
    'dynamodb.update_item.duration;category=profile;table_type=bright_uid': 1,
    'dynamodb.update_item.duration;category=visits;table_type=bright_uid': 1,
    'dynamodb.update_item.duration;category=balance;table_type=account_id': 1,
    'dynamodb.get_item.duration;category=profile;table_type=bright_uid': 3,
    'dynamodb.get_item.duration;category=visits;table_type=bright_uid': 1,
    'dynamodb.get_item.duration;category=other;table_type=bright_uid': 2,
    'dynamodb.get_item.duration;category=balance;table_type=account_id': 1,
    'dynamodb.batch_get_item.duration;table_type=bright_uid': 2,
    'feature.age;category=profile;table_type=bright_uid': 3,
    'feature.age;category=visits;table_type=bright_uid': 1,
    'feature.age;category=balance;table_type=account_id': 1,
  })
})
