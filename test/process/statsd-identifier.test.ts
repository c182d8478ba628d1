import { expect, test } from 'vitest'
import { PRODUCTION } from '../support/measured-run.ts'
import { FORMATS, type MetricLine } from '../support/metric-lines.ts'
import { startMetricReceiver } from '../support/metric-receiver.ts'
import { get, postJson, send } from '../support/post-json.ts'
import { startService } from '../support/service-process.ts'

const IDENTIFIER = 'very-private-person'

// Those on one entity; of those on several none is the one to name.
const OPERATIONS = [
  'read.single_item',
  'read.multi_category',
  'read.entity',
  'write.multi_category',
  'write.merge',
  'delete.single_item',
  'delete.entity',
]

/** Everything that an entity can be asked for, found and not, and in ways that fail. */
async function askFor(url: string, identifier: string): Promise<void> {
  await postJson(`${url}/api/v1/items/${identifier}`, { cat: { a: 1 } })
  await postJson(`${url}/api/v1/items/${identifier}`, { cat: 1 })
  await postJson(`${url}/api/v1/items/${identifier}`, { cat: { text: 'x'.repeat(450_000) } })
  await postJson(`${url}/api/v1/get/item/${identifier}`, { cat: [] })
  await postJson(`${url}/api/v1/get/item/${identifier}`, { absent: [] })
  for (const path of [`${identifier}/cat`, `${identifier}/absent`, `${identifier}/%zz`, `${identifier}/a/b`]) {
    await get(`${url}/api/v1/get/item/${path}`)
  }
  await get(`${url}/${identifier}?bright_uid=${identifier}`)
  await askForAsOneOfSeveral(url, decodeURIComponent(identifier))
  await get(`${url}/api/v1/get/item/${identifier}?cursor=${identifier}`)
  await get(`${url}/api/v1/get/item/${identifier}`)
  await send('PATCH', `${url}/api/v1/items/${identifier}/cat`, { a: 2 })
  await send('PATCH', `${url}/api/v1/items/${identifier}/cat`, { text: 'x'.repeat(450_000) })
  await send('DELETE', `${url}/api/v1/items/${identifier}/cat`)
  await send('DELETE', `${url}/api/v1/items/${identifier}`)
}

async function askForAsOneOfSeveral(url: string, identifier: string): Promise<void> {
  await postJson(`${url}/api/v1/items`, { [identifier]: { cat: { a: 1 } } })
  await postJson(`${url}/api/v1/items`, { [identifier]: {} })
  await postJson(`${url}/api/v1/get/items`, { identifiers: [identifier], categories: { cat: [], absent: ['a'] } })
}

/** Every line of a service that was asked for an entity, and its log. */
async function linesOf(format: (typeof FORMATS)[number], env: Record<string, string>, identifier = IDENTIFIER) {
  const receiver = await startMetricReceiver(format)
  const statsd = { STATSD_HOST: receiver.host, STATSD_PORT: String(receiver.port), STATSD_FORMAT: format }
  const service = await startService({ ...PRODUCTION, ...statsd, ...env })
  await askFor(service.url, identifier)
  service.kill('SIGTERM')
  await service.exited
  return receiver.all()
}

function isOperation({ name }: MetricLine): boolean {
  return OPERATIONS.some((operation) => name.startsWith(`feature_store.${operation}.`))
}

test.each(FORMATS)('in production no identifier is in any line of %s', async (format) => {
  const lines = await linesOf(format, {})

  expect(lines.filter(isOperation).length).toBeGreaterThan(OPERATIONS.length)
  expect(JSON.stringify(lines)).not.toContain(IDENTIFIER)
})

test.each(FORMATS)(
  'with STATSD_TAG_IDENTIFIER=true, it is a tag of every operation on one entity in %s and of nothing else',
  async (format) => {
    const lines = await linesOf(format, { STATSD_TAG_IDENTIFIER: 'true' })

    const tagged = lines.filter(({ tags }) => tags.identifier !== undefined)
    expect(new Set(tagged.map(({ tags }) => tags.identifier))).toEqual(new Set([IDENTIFIER]))
    expect(tagged).toEqual(lines.filter(isOperation))
    const untagged = lines.filter((line) => !isOperation(line))
    expect(JSON.stringify(untagged)).not.toContain(IDENTIFIER)
    for (const operation of OPERATIONS) expect(tagged.map(({ name }) => name)).toContain(`feature_store.${operation}.success`)
  },
)

test.each(FORMATS)('an identifier as a tag forges no line of %s', async (format) => {
  const hostile = 'x\nfeature_store.forged:1|c|#a:b,c=d @0.1'

  const lines = await linesOf(format, { STATSD_TAG_IDENTIFIER: 'true' }, encodeURIComponent(hostile))

  expect(lines.filter(({ name }) => name.includes('forged'))).toEqual([])
  const identifiers = new Set(lines.filter(isOperation).map(({ tags }) => tags.identifier))
  expect(identifiers).toEqual(new Set(['x_feature_store.forged_1_c__a_b_c_d__0.1']))
})

test('STATSD_HOST=off sends nothing', async () => {
  const receiver = await startMetricReceiver('dogstatsd')
  const service = await startService({ ...PRODUCTION, STATSD_HOST: 'off', STATSD_PORT: String(receiver.port) })

  await askFor(service.url, IDENTIFIER)
  service.kill('SIGTERM')

  expect(await service.exited).toEqual({ code: 0, signal: null })
  expect(await receiver.all()).toEqual([])
  expect(service.stdout()).not.toMatch(/"level":"(?:warn|error)"(?!.*"request_id")/)
})
