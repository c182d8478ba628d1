import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { callsBesideCrowd, EVERY_KIND, gatherCrowd, heldBesideCrowd, readAtOnce } from '../support/crowded-reads.ts'
import { FUTURE_MS } from '../support/future-time.ts'
import { deleteItem, writeWith } from '../support/item-changes.ts'
import { passEverything } from '../support/scripted-dynamodb.ts'
import { type ServiceFleet, startFleet } from '../support/service-fleet.ts'
import type { TestService } from '../support/test-service.ts'

let fleet: ServiceFleet
let service: TestService
let nowMs = FUTURE_MS
let identifier: string

beforeAll(async () => {
  fleet = await startFleet()
  service = await fleet.start({ now: () => new Date(nowMs) })
})

beforeEach(() => {
  identifier = randomUUID()
  fleet.dynamodb.use(passEverything)
})

afterAll(async () => {
  await fleet.close()
})

test.for(EVERY_KIND)(
  'read together, each category is what it is when read alone ($tableType, consistent: $consistent)',
  async (kind) => {
    const { tableType = 'bright_uid' } = kind
    await service.write(identifier, { present: { n: 1, long: 'ü'.repeat(1000) }, deleted: { n: 2 }, 'odd 🦊"\\': {} }, tableType)
    await writeWith(service, identifier, { expired: { n: 3 } }, { tableType, query: { ttl: '1' } })
    await writeWith(
      service,
      identifier,
      { living: { n: 4 } },
      { tableType, query: { ttl: '1000', source: 'job', event_time: '5' } },
    )
    await deleteItem(service, identifier, 'deleted', { tableType })
    nowMs += 2000
    const categories = ['present', 'deleted', 'odd 🦊"\\', 'expired', 'living', 'missing', 'present']
    const alone = []
    for (const category of categories) alone.push(...(await readAtOnce(service, identifier, [category], kind)))
    await gatherCrowd({ service, dynamodb: fleet.dynamodb }, passEverything, kind)

    const together = await readAtOnce(service, identifier, categories, kind)

    expect(callsBesideCrowd(fleet.dynamodb).map(({ operation }) => operation)).toEqual(['BatchGetItem'])
    expect(together.map(({ status }) => status)).toEqual([200, 404, 200, 404, 200, 404, 200])
    const withoutId = ({ json }: { json: unknown }) => ({ ...(json as object), request_id: undefined })
    expect(together.map(withoutId)).toEqual(alone.map(withoutId))
  },
)

test('what expires while its batch is under way is missing, as it is for a read alone', async () => {
  await writeWith(service, identifier, { expiring: { n: 1 } }, { query: { ttl: '1' } })
  await service.write(identifier, { staying: { n: 2 } })
  await gatherCrowd({ service, dynamodb: fleet.dynamodb }, () => 'hold')
  const reading = readAtOnce(service, identifier, ['expiring', 'staying'])
  const [held] = await heldBesideCrowd(fleet.dynamodb)

  nowMs += 2000
  await held?.release()

  expect((await reading).map(({ status }) => status)).toEqual([404, 200])
})

test('more than a reply of 16 MB can hold is read all the same', async () => {
  const text = 'x'.repeat(390 * 1024)
  const categories = Array.from({ length: 50 }, (_, index) => `large-${index}`)
  for (const category of categories) await service.write(identifier, { [category]: { category, text } })
  await gatherCrowd({ service, dynamodb: fleet.dynamodb })

  const replies = await readAtOnce(service, identifier, categories)

  const seen = replies.map(({ json }) => (json as { features: { data: { category: string; text: string } } }).features.data)
  expect(seen.map(({ category }) => category)).toEqual(categories)
  expect(seen.every((data) => data.text === text)).toBe(true)
})
