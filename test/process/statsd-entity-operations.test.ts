import { expect, test } from 'vitest'
import { measuredRun, pick } from '../support/measured-run.ts'
import { get, postJson, send } from '../support/post-json.ts'

const LARGE = 'x'.repeat(450_000)

/** Writes of several entities: one that is taken, one that is too large, and one that is older than what is stored. */
async function write(url: string): Promise<void> {
  const items = `${url}/api/v1/items`
  const entities = { user1: { profile: { age: 30, city: null } }, user2: { profile: { age: 1 }, visits: { count: 2 } } }
  expect(await postJson(items, entities)).toBe(200)
  expect(await postJson(items, { user1: { profile: { text: LARGE } } })).toBe(413)
  const [newer, older] = [2, 1].map((time) => `${items}?table_type=account_id&event_time=${time}`)
  expect(await postJson(newer ?? '', { acc1: { balance: { a: 1 } } })).toBe(200)
  expect(await postJson(older ?? '', { acc1: { balance: { a: 0 } } })).toBe(409)
}

/** A merge into what is there, one that creates, and one that would not fit. */
async function merge(url: string): Promise<void> {
  const items = `${url}/api/v1/items`
  expect(await send('PATCH', `${items}/user1/profile`, { age: 31, none: null })).toBe(200)
  expect(await send('PATCH', `${items}/user3/visits`, { count: 1, none: null })).toBe(200)
  expect(await send('PATCH', `${items}/user1/profile`, { text: LARGE })).toBe(413)
}

/** A read of four entities of which two are one and one has nothing; pages of what entities have. */
async function read(url: string): Promise<void> {
  const categories = { profile: ['age', 'city', 'shoe_size'], visits: [], 'junk-1': ['p', 'q'] }
  const identifiers = ['user1', 'user2', 'user1', 'nobody']
  expect(await postJson(`${url}/api/v1/get/items`, { identifiers, categories })).toBe(200)
  expect(await get(`${url}/api/v1/get/item/user2`)).toBe(200)
  expect(await get(`${url}/api/v1/get/item/nobody`)).toBe(404)
  expect(await get(`${url}/api/v1/get/item/user2?cursor=forged`)).toBe(422)
}

/** Deletes of a category that is there, and of all that an entity has, twice. */
async function remove(url: string): Promise<void> {
  for (const path of ['user1/profile', 'user2', 'user2']) {
    expect(await send('DELETE', `${url}/api/v1/items/${path}`)).toBe(200)
  }
}

async function actOnEntities({ url }: { url: string }): Promise<void> {
  await write(url)
  await merge(url)
  await read(url)
  await remove(url)
}

test('the counters of operations on entities equal what was written, merged, read, deleted and refused', async () => {
  const { counters, timers } = await measuredRun(actOnEntities)

  const operations = { ...pick(counters, 'read.'), ...pick(counters, 'write.'), ...pick(counters, 'delete.') }
  expect(operations).toEqual({
    'write.multi_entity.success;table_type=bright_uid': 1,
    'write.multi_entity.success;table_type=account_id': 1,
    'write.multi_entity.error;error_type=payload_too_large;table_type=bright_uid': 1,
    'write.multi_entity.error;error_type=conflict;table_type=account_id': 1,
    'write.merge.success;category=profile;table_type=bright_uid': 1,
    'write.merge.success;category=visits;table_type=bright_uid': 1,
    'write.merge.error;category=profile;error_type=payload_too_large;table_type=bright_uid': 1,
    'read.multi_entity.success;table_type=bright_uid': 1,
    'read.entity.success;table_type=bright_uid': 1,
    'read.entity.not_found;table_type=bright_uid': 1,
    'read.entity.error;error_type=validation_error;table_type=bright_uid': 1,
    'delete.single_item.success;category=profile;table_type=bright_uid': 1,
    'delete.entity.success;table_type=bright_uid': 2,
  })
  const durations = Object.entries(timers).filter(([key]) => /^(?:read|write|delete)\./.test(key))
  expect(Object.fromEntries(durations.map(([key, values]) => [key, values.length]))).toEqual({
    'write.multi_entity.duration;table_type=bright_uid': 2,
    'write.multi_entity.duration;table_type=account_id': 2,
    'write.merge.duration;category=profile;table_type=bright_uid': 2,
    'write.merge.duration;category=visits;table_type=bright_uid': 1,
    'read.multi_entity.duration;table_type=bright_uid': 1,
    'read.entity.duration;table_type=bright_uid': 3,
    'delete.single_item.duration;category=profile;table_type=bright_uid': 1,
    'delete.entity.duration;table_type=bright_uid': 2,
  })
})

test('the counters of their DynamoDB calls and features equal the calls, and what was served, duplicates as often', async () => {
  const { counters, timers } = await measuredRun(actOnEntities)

  expect(pick(counters, 'dynamodb.')).toEqual({
    // Written, merged, and deleted alone and with all of its entity's.
    'dynamodb.update_item.success;category=profile;table_type=bright_uid': 5,
    'dynamodb.update_item.success;category=visits;table_type=bright_uid': 3,
    'dynamodb.update_item.success;category=balance;table_type=account_id': 1,
    // The merge that found nothing to merge with; the write that found a later event time.
    'dynamodb.update_item.error;category=visits;error_type=conflict;table_type=bright_uid': 1,
    'dynamodb.update_item.error;category=balance;error_type=conflict;table_type=account_id': 1,
    'dynamodb.update_item.feature_count;category=profile;table_type=bright_uid': 4,
    'dynamodb.update_item.feature_count;category=visits;table_type=bright_uid': 2,
    'dynamodb.update_item.feature_count;category=balance;table_type=account_id': 1,
    'dynamodb.batch_get_item.success;table_type=bright_uid': 1,
    'dynamodb.batch_get_item.found;category=profile;table_type=bright_uid': 2,
    'dynamodb.batch_get_item.found;category=visits;table_type=bright_uid': 1,
    'dynamodb.batch_get_item.not_found;category=profile;table_type=bright_uid': 1,
    'dynamodb.batch_get_item.not_found;category=visits;table_type=bright_uid': 2,
    'dynamodb.batch_get_item.not_found;category=other;table_type=bright_uid': 3,
    // Two pages, and two lists of what is to be deleted.
    'dynamodb.query.success;table_type=bright_uid': 4,
  })
  expect(pick(counters, 'feature.')).toEqual({
    // 2 of user1, twice; 1 of user2, and again in its page.
    'feature.found.count;category=profile;table_type=bright_uid': 6,
    'feature.null.count;category=profile;table_type=bright_uid': 2,
    'feature.found.count;category=visits;table_type=bright_uid': 2,
    // 1 name of user1, twice, 2 of user2, 3 of nobody.
    'feature.missing.count;category=profile;table_type=bright_uid': 7,
    'feature.missing.count;category=visits;table_type=bright_uid': 3,
    'feature.missing.count;category=other;table_type=bright_uid': 8,
  })
  const ages = Object.entries(pick(timers, 'feature.age')).map(([key, values]) => [key, values.length])
  expect(Object.fromEntries(ages)).toEqual({
    'feature.age;category=profile;table_type=bright_uid': 4,
    'feature.age;category=visits;table_type=bright_uid': 2,
  })
  expect(pick(timers, 'dynamodb.query.duration')).toEqual({ 'dynamodb.query.duration;table_type=bright_uid': expect.any(Array) })
})
