import { expect, test } from 'vitest'
import { METRICS, type Metric } from '../../src/metrics/catalog.ts'
import { exerciseEverything } from '../support/exercise-everything.ts'
import { PRODUCTION } from '../support/measured-run.ts'
import { FORMATS, type Format, type MetricLine } from '../support/metric-lines.ts'
import { startMetricReceiver } from '../support/metric-receiver.ts'
import { startMoodyDynamoDB } from '../support/moody-dynamodb.ts'
import { postJson } from '../support/post-json.ts'
import { startService } from '../support/service-process.ts'

const PREFIX = 'team.store_2'
const TYPES = { c: 'counter', ms: 'timer', h: 'histogram', g: 'gauge' } as const

const isGauge = ({ type }: MetricLine) => type === 'g'

/** Every line of a run in which everything happens that there are metrics of; gauges take ten seconds to come. */
async function linesOfARun(format: Format, { gauges }: { gauges: boolean }): Promise<readonly MetricLine[]> {
  const receiver = await startMetricReceiver(format)
  const dynamoDB = await startMoodyDynamoDB()
  const statsd = { STATSD_HOST: receiver.host, STATSD_PORT: String(receiver.port), STATSD_FORMAT: format, STATSD_PREFIX: PREFIX }
  const service = await startService({ ...dynamoDB.env, ...statsd })
  await exerciseEverything(service)
  if (gauges) await receiver.received(isGauge)
  service.kill('SIGTERM')
  await service.exited
  return receiver.all()
}

function nameOf({ name }: MetricLine): string {
  return name.startsWith(`${PREFIX}.`) ? name.slice(PREFIX.length + 1) : `without the prefix: ${name}`
}

const catalog: Record<string, Metric> = METRICS

/** What a line says it is, in the catalog's terms. */
function shapeOf(line: MetricLine) {
  return { name: nameOf(line), type: TYPES[line.type], tags: Object.keys(line.tags).sort() }
}

/** What the catalog says that a metric of this name is. */
function promisedShape(name: string) {
  const metric = catalog[name]
  return { name, type: metric?.type, tags: [...(metric?.tags ?? ['not in the catalog'])].sort() }
}

test.each(FORMATS)('in %s, names and all, every line can be read, and is what the catalog says of its metric', async (format) => {
  const lines = await linesOfARun(format, { gauges: true })

  const shapes = new Map(lines.map(shapeOf).map((shape) => [JSON.stringify(shape), shape]))
  const promised = [...shapes.values()].map(({ name }) => promisedShape(name))
  expect([...shapes.values()]).toEqual(promised)
  const never = 'write.multi_category.not_found'
  expect(lines.map(nameOf)).not.toContain(never)
  expect(new Set([...lines.map(nameOf), never])).toEqual(new Set(Object.keys(METRICS)))
})

test.each(FORMATS)('in %s, no client forges a line: there are no routes and no tags but those of the service', async (format) => {
  const lines = await linesOfARun(format, { gauges: false })

  expect(lines.filter(({ tags }) => Object.values(tags).includes('forged'))).toEqual([])
  const routes = new Set(lines.flatMap(({ tags }) => tags.route ?? []))
  expect(routes).toEqual(
    new Set([
      'unmatched',
      '/docs',
      '/openapi.json',
      '/api/v1/get/item/{identifier}',
      '/api/v1/get/item/{identifier}/{category}',
      '/api/v1/get/items',
      '/api/v1/items',
      '/api/v1/items/{identifier}',
      '/api/v1/items/{identifier}/{category}',
    ]),
  )
})

test('five hundred categories of one process have a hundred tags of their own, and one between them', async () => {
  const receiver = await startMetricReceiver('dogstatsd')
  const service = await startService({ ...PRODUCTION, STATSD_HOST: receiver.host, STATSD_PORT: String(receiver.port) })
  const categories = Array.from({ length: 500 }, (_, index) => [`category-${index}`, { a: 1 }])

  expect(await postJson(`${service.url}/api/v1/items/user`, Object.fromEntries(categories))).toBe(200)
  service.kill('SIGTERM')
  await service.exited

  const lines = await receiver.all()
  const tags = new Set(lines.flatMap((line) => line.tags.category ?? []))
  expect(tags.size).toBe(101)
  expect(tags).toContain('other')
  const written = lines.filter(({ name }) => name === 'feature_store.dynamodb.update_item.feature_count')
  expect(written.reduce((sum, { value }) => sum + value, 0)).toBe(500)
})
