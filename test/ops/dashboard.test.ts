import { expect, test } from 'vitest'
import { freeTcpPort } from '../support/free-port.ts'
import { startMixedLoad } from '../support/ops-load.ts'
import { hasData, panelQueries } from '../support/ops-panels.ts'
import { type Prometheus, startExporter, startPrometheus } from '../support/ops-prometheus.ts'
import { startTroubledDynamoDB } from '../support/ops-store.ts'
import { startService } from '../support/service-process.ts'

const POLL = { timeout: 90_000, interval: 1000 }

/** Three exporters: of a service under load, of one whose tables do not answer, and of one that is gone. */
async function startEverything() {
  const dynamoDB = await startTroubledDynamoDB()
  const [loaded, unready, silent] = [await startExporter(), await startExporter(), await startExporter()]
  const prometheus = await startPrometheus([loaded.target, unready.target, silent.target])
  const nowhere = `http://127.0.0.1:${await freeTcpPort()}`
  await startService({ ...unready.env, DYNAMODB_ENDPOINT: nowhere, DYNAMODB_CREATE_TABLES: 'false' })
  const service = await startService({ ...loaded.env, ...dynamoDB.env })
  return { prometheus, service, loaded, unready, silent }
}

/** The titles of the panels and the expressions of which nothing can be shown. */
async function emptyQueries(prometheus: Prometheus, chosen: 'all' | 'each by name'): Promise<string[]> {
  const queries = await panelQueries(prometheus, chosen)
  const answers = await Promise.all(queries.map(async ({ expr }) => hasData(await prometheus.query(expr))))
  return queries.filter((_, index) => !answers[index]).map(({ title, expr }) => `${title}: ${expr}`)
}

test('in a real run, every query of the dashboard returns data and every alert that has cause waits or fires', async () => {
  const { prometheus, service, loaded, unready, silent } = await startEverything()
  startMixedLoad(service)

  await expect.poll(() => emptyQueries(prometheus, 'all'), POLL).toEqual([])
  await expect.poll(() => emptyQueries(prometheus, 'each by name'), POLL).toEqual([])

  const named = async () => new Set((await prometheus.alerts()).map(({ labels }) => labels.alertname))
  await expect.poll(named, POLL).toEqual(new Set((await prometheus.rules()).map(({ name }) => name)))

  const rules = await prometheus.rules()
  expect(rules.filter(({ health, lastError }) => health !== 'ok' || lastError)).toEqual([])
  const about = (await prometheus.alerts()).map(({ labels }) => [labels.alertname, labels.instance ?? labels.category])
  expect(about).toContainEqual(['FeatureStoreNotReady', unready.target])
  expect(about).toContainEqual(['FeatureStoreSilent', silent.target])
  expect(about).toContainEqual(['FeatureStoreFeaturesMissing', 'other'])
  expect(about).toContainEqual(['FeatureStoreFeaturesMissing', 'unprocessed'])
  expect(about).toContainEqual(['FeatureStoreFeaturesStale', 'old'])
  expect(about).not.toContainEqual(['FeatureStoreFeaturesStale', 'plain'])
  expect(about).not.toContainEqual(['FeatureStoreNotReady', loaded.target])
  expect(about).not.toContainEqual(['FeatureStoreSilent', unready.target])
})
