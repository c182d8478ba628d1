import { expect, onTestFinished, test } from 'vitest'
import { itemOf, success, throttling } from '../support/dynamodb-replies.ts'
import { startMetrics, totalOf } from '../support/metrics-to-receiver.ts'
import { keyOf } from '../support/query-replies.ts'
import { type Call, passEverything, type Script, startScriptedDynamoDB } from '../support/scripted-dynamodb.ts'
import { waitBeforeRetries } from '../support/scripted-service.ts'
import { type OverClientOptions, type ServiceOverClient, startServiceOver } from '../support/service-over-client.ts'

const READS = 20
const CATEGORIES = Array.from({ length: READS }, (_, index) => `category-${index}`)

function isStored(category: string | undefined): boolean {
  return Number(category?.split('-')[1]) % 2 === 0
}

/** A store that has every other category; of a batch it leaves those unprocessed that `leaves` says. */
function everyOther({ body }: Call, leaves: (category: string) => boolean = () => false) {
  const [[table = '', asked] = []] = Object.entries(body.RequestItems ?? {})
  if (asked === undefined) {
    const category = body.Key?.category?.S ?? ''
    return success(isStored(category) ? { Item: itemOf(category) } : {})
  }
  const names = asked.Keys.map((key) => key.category?.S ?? '')
  const left = names.filter(leaves)
  const found = names.filter((name) => isStored(name) && !left.includes(name)).map(itemOf)
  const unprocessed = left.length > 0 ? { [table]: { Keys: left.map((name) => keyOf(name)) } } : {}
  return success({ Responses: { [table]: found }, UnprocessedKeys: unprocessed })
}

async function startMeasured(script: Script, app: OverClientOptions['app'] = {}) {
  const dynamodb = await startScriptedDynamoDB(passEverything)
  dynamodb.use(script)
  onTestFinished(() => dynamodb.close())
  const measured = await startMetrics({ format: 'dogstatsd' })
  const service = await startServiceOver({ endpoint: dynamodb.url }, { metrics: measured.metrics, app })
  return { dynamodb, measured, service }
}

/** Reads all categories at once; the statuses. */
async function readAll({ app }: ServiceOverClient): Promise<number[]> {
  const replies = await Promise.all(CATEGORIES.map((category) => app.inject(`/api/v1/get/item/user/${category}`)))
  return replies.map(({ statusCode }) => statusCode)
}

test('of reads that shared calls, each is timed and counted as a read of its own, found or not', async () => {
  const { dynamodb, measured, service } = await startMeasured((call) => everyOther(call))

  const statuses = await readAll(service)

  const lines = await measured.sent()
  expect(statuses).toEqual(CATEGORIES.map((category) => (isStored(category) ? 200 : 404)))
  expect(dynamodb.calls().length).toBeLessThan(READS)
  expect(totalOf(lines, 'dynamodb.get_item.success')).toBe(READS)
  expect(totalOf(lines, 'dynamodb.get_item.found')).toBe(READS / 2)
  expect(totalOf(lines, 'dynamodb.get_item.not_found')).toBe(READS / 2)
  expect(lines.filter(({ name }) => name.endsWith('dynamodb.get_item.duration'))).toHaveLength(READS)
  expect(lines.filter(({ name }) => name.includes('get_item.error'))).toEqual([])
})

test('a failure of a shared call is a failure of each read', async () => {
  const { measured, service } = await startMeasured(() => ({ status: 500, text: '{"__type":"InternalServerError"}' }))

  const statuses = await readAll(service)

  const lines = await measured.sent()
  expect(new Set(statuses)).toEqual(new Set([503]))
  expect(totalOf(lines, 'dynamodb.get_item.error')).toBe(READS)
  expect(totalOf(lines, 'dynamodb.get_item.success')).toBe(0)
})

test('an attempt that was throttled, and the one after it, are counted once, whoever shared the call', async () => {
  const { measured, service } = await startMeasured((call) => {
    return call.operation === 'BatchGetItem' && call.attempt === 1 ? throttling : everyOther(call)
  })

  await readAll(service)

  const lines = await measured.sent()
  expect(totalOf(lines, 'dynamodb.throttle.count')).toBe(1)
  expect(totalOf(lines, 'dynamodb.retry.count')).toBe(1)
})

test('attempts that were throttled in several rounds of unprocessed keys are all counted', async () => {
  let batches = 0
  const { measured, service } = await startMeasured((call) => {
    if (call.operation !== 'BatchGetItem') return everyOther(call)
    batches += 1
    // Each round is throttled once, and the first leaves half of it.
    return batches % 2 === 1 ? throttling : everyOther(call, (category) => batches === 2 && Number(category.slice(9)) < 10)
  })

  const statuses = await readAll(service)

  const lines = await measured.sent()
  expect(new Set(statuses)).toEqual(new Set([200, 404]))
  expect(batches).toBe(4)
  expect(totalOf(lines, 'dynamodb.throttle.count')).toBe(2)
  expect(totalOf(lines, 'dynamodb.retry.count')).toBe(2)
})

test('an attempt that was throttled is counted, though the deadline ends the backoff for all that shared it', async () => {
  const { measured, service } = await startMeasured(
    (call) => (call.operation === 'BatchGetItem' ? throttling : everyOther(call)),
    { requestTimeoutMs: 300 },
  )
  waitBeforeRetries('past the deadline')

  const statuses = await readAll(service)

  const lines = await measured.sent()
  expect(statuses).toContain(503)
  expect(totalOf(lines, 'dynamodb.throttle.count')).toBe(1)
})

test('the log line of each read that shared a call tells of one call, and of its time', async () => {
  const all = Promise.withResolvers<void>()
  let asked = 0
  const { dynamodb, service } = await startMeasured(async (call) => {
    asked += call.body.Key === undefined ? Object.values(call.body.RequestItems ?? {}).flatMap(({ Keys }) => Keys).length : 1
    if (asked === READS) all.resolve()
    await all.promise
    return everyOther(call)
  })

  await Promise.all(CATEGORIES.map((category) => service.read('user', category)))

  const lines = await service.finalRequests()
  expect(dynamodb.calls().length).toBeLessThan(READS)
  expect(lines.map(({ status }) => status).sort()).toEqual([...Array(READS / 2).fill(200), ...Array(READS / 2).fill(404)])
  expect(lines.map(({ dynamodb_calls }) => dynamodb_calls)).toEqual(Array(READS).fill(1))
  expect(
    lines.every(({ dynamodb_ms, duration_ms }) => Number(dynamodb_ms) > 0 && Number(dynamodb_ms) <= Number(duration_ms)),
  ).toBe(true)
})
