import { afterAll, beforeAll, expect, test } from 'vitest'
import { deleteEntity, deleteItem, writeWith } from '../support/item-changes.ts'
import { createSteppingClock } from '../support/stepping-clock.ts'
import { startTestService, type TestService } from '../support/test-service.ts'
import { expectTombstone } from '../support/tombstones.ts'

const clock = createSteppingClock()
const SECRETS = { 'secret name': 'secret value', nested: { 'secret inside': ['secret item', 8_675_309] } }
const TELLTALE = /secret|8675309|nested|2001-02-03|981173106/

const DELETES: [string, (identifier: string) => Promise<{ status: number }>][] = [
  ['a delete of the category', (identifier) => deleteItem(service, identifier, 'cat')],
  ['a delete of the entity', (identifier) => deleteEntity(service, identifier)],
]

let service: TestService

beforeAll(async () => {
  service = await startTestService({ now: clock.now })
})

afterAll(async () => {
  await service.close()
})

function writeSecrets(identifier: string, ttl = '86400') {
  const query = { source: 'secret source', compute_id: 'secret run', event_time: '2001-02-03T04:05:06Z', ttl }
  return writeWith(service, identifier, { cat: SECRETS }, { query })
}

test.for(DELETES)('after %s the table has neither features nor metadata nor event time', async ([what, remove]) => {
  await writeSecrets(what)
  const before = clock.lastMs()

  await remove(what)

  expectTombstone(await service.stored(what, 'cat'), { identifier: what, category: 'cat' }, [before, clock.lastMs()])
  expect(await service.dump()).not.toMatch(TELLTALE)
})

test.for(DELETES)('what had expired is wiped as well by %s', async ([what, remove]) => {
  await writeSecrets(`expired, ${what}`, '60')
  clock.pass(61)
  const before = clock.lastMs()

  await remove(`expired, ${what}`)

  const key = { identifier: `expired, ${what}`, category: 'cat' }
  expectTombstone(await service.stored(key.identifier, 'cat'), key, [before, clock.lastMs()])
  expect(await service.dump()).not.toMatch(TELLTALE)
})

test.for(DELETES)('what the older service wrote is wiped as well by %s, and was there', async ([what, remove]) => {
  const identifier = `older, ${what}`
  const metadata = { created_at: { S: '2024-01-02T03:04:05.678Z' }, source: { S: 'secret source' } }
  const features = { M: { data: { M: { 'secret name': { SS: ['secret value'] } } }, metadata: { M: metadata } } }
  await service.put({ bright_uid: { S: identifier }, category: { S: 'cat' }, features })
  const before = clock.lastMs()

  const reply = await remove(identifier)

  expect(reply).toMatchObject({ status: 200, json: { deleted: 1 } })
  expectTombstone(await service.stored(identifier, 'cat'), { identifier, category: 'cat' }, [before, clock.lastMs()])
  expect(await service.dump()).not.toMatch(TELLTALE)
})

test('a delete in the account table leaves nothing but its key either', async () => {
  await writeWith(service, 'account', { cat: SECRETS }, { tableType: 'account_id' })
  const before = clock.lastMs()

  await deleteItem(service, 'account', 'cat', { tableType: 'account_id' })

  const key = { identifier: 'account', category: 'cat', tableType: 'account_id' } as const
  expectTombstone(await service.stored('account', 'cat', 'account_id'), key, [before, clock.lastMs()])
})

test('a delete of the entity leaves what was deleted before as it was', async () => {
  await service.write('tombstone', { cat: { f: 1 } })
  await deleteItem(service, 'tombstone', 'cat')
  const before = await service.stored('tombstone', 'cat')

  await deleteEntity(service, 'tombstone')

  expect(await service.stored('tombstone', 'cat')).toStrictEqual(before)
})
