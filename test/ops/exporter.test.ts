import { createSocket } from 'node:dgram'
import { expect, onTestFinished, test } from 'vitest'
import { startMixedLoad } from '../support/ops-load.ts'
import { exportedMetrics } from '../support/ops-names.ts'
import { startExporter } from '../support/ops-prometheus.ts'
import { startTroubledDynamoDB } from '../support/ops-store.ts'
import { startService } from '../support/service-process.ts'

const POLL = { timeout: 60_000, interval: 500 }

/** The lines of one metric, but its help and type. */
function linesOf(text: string, name: string): string[] {
  return text.split('\n').filter((line) => line.startsWith(name))
}

test('what a real run sends has the names and types that the rules and the dashboard know, and nothing is lost', async () => {
  const dynamoDB = await startTroubledDynamoDB()
  const exporter = await startExporter()
  startMixedLoad(await startService({ ...exporter.env, ...dynamoDB.env }))

  async function declared() {
    const types = (await exporter.metrics()).matchAll(/^# TYPE (feature_store_\w+) (\w+)$/gm)
    return new Set([...types].map(([, name, type]) => `${name} ${type}`))
  }
  await expect.poll(declared, POLL).toEqual(new Set(exportedMetrics().map(({ name, type }) => `${name} ${type}`)))

  const troubles = [
    ...(await exporter.metrics()).matchAll(/^statsd_exporter_\w*(?:unmapped|error|conflict|drop)\w*(?:{.*})? (.+)$/gm),
  ]
  expect(troubles.length).toBeGreaterThan(2)
  expect(troubles.filter(([, count]) => count !== '0').map(([line]) => line)).toEqual([])
})

test('timers arrive in seconds and count by their sample rate, and gauges in ms are scaled to seconds', async () => {
  const exporter = await startExporter()
  const socket = createSocket('udp4')
  onTestFinished(() => {
    socket.close()
  })

  const lines = ['feature_store.feature.age:5000|ms|@0.5|#table_type:t,category:c', 'feature_store.process.not_ready:1500|g']
  socket.send(lines.join('\n'), Number(exporter.env.STATSD_PORT), exporter.env.STATSD_HOST)

  const gauges = async () => linesOf(await exporter.metrics(), 'feature_store_process')
  await expect.poll(gauges, POLL).toEqual(['feature_store_process_not_ready_seconds 1.5'])
  const ages = linesOf(await exporter.metrics(), 'feature_store_feature_age_seconds')
  expect(ages).toEqual(
    expect.arrayContaining([
      'feature_store_feature_age_seconds_bucket{category="c",table_type="t",le="1"} 0',
      'feature_store_feature_age_seconds_bucket{category="c",table_type="t",le="10"} 2',
      'feature_store_feature_age_seconds_sum{category="c",table_type="t"} 10',
      'feature_store_feature_age_seconds_count{category="c",table_type="t"} 2',
    ]),
  )
})
