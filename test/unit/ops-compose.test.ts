import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { PROJECT_ROOT } from '../support/child-process.ts'
import { readCompose, readPrometheusConfig, readProvisioning } from '../support/ops-files.ts'

const { services, volumes } = readCompose()
const [exporter, prometheus, grafana] = ['statsd-exporter', 'prometheus', 'grafana'].map((name) => services[name])
const watching = { exporter, prometheus, grafana }

/** Where in its container a service sees a path of the project; undefined where it does not. */
function mountOf(service: { volumes?: string[] } | undefined, path: string): string | undefined {
  return service?.volumes?.find((volume) => volume.startsWith(`${path}:`))?.split(':')[1]
}

test.for(Object.entries(watching))('%s is there with the profile alone, of one version', ([, service]) => {
  expect(service?.profiles).toEqual(['ops'])
  expect(service?.image).toMatch(/:v?\d+\.\d+\.\d+$/)
})

test('what is there without the profile needs nothing of it', () => {
  const always = Object.entries(services).filter(([, { profiles }]) => profiles === undefined)
  expect(always.map(([name]) => name)).toEqual(['dynamodb', 'feature-store'])

  const needed = always.flatMap(([, { depends_on = {} }]) => Object.entries(depends_on))
  const ofProfile = needed.filter(([name]) => services[name]?.profiles !== undefined)
  expect(ofProfile).toEqual([['statsd-exporter', { condition: 'service_started', required: false }]])
})

test('the service sends where the exporter listens, and Prometheus asks it there', () => {
  const { STATSD_HOST, STATSD_PORT } = services['feature-store']?.environment ?? {}
  expect(services[String(STATSD_HOST)]).toBe(exporter)
  expect(exporter?.command).toContain(`--statsd.listen-udp=:${STATSD_PORT}`)

  const targets = readPrometheusConfig().scrape_configs.flatMap(({ static_configs }) =>
    static_configs.flatMap((one) => one.targets),
  )
  expect(targets).toEqual(['statsd-exporter:9102'])
  expect(exporter?.command).toContain('--web.listen-address=:9102')
})

test('Grafana asks Prometheus under its name, as often as it scrapes', () => {
  const [datasource] = readProvisioning().datasources

  expect(datasource?.url).toBe('http://prometheus:9090')
  expect(prometheus?.ports).toEqual(['127.0.0.1:9090:9090'])
  expect(datasource?.jsonData.timeInterval).toBe(readPrometheusConfig().global.scrape_interval)
})

test('each finds its files where it looks for them', () => {
  expect(exporter?.command).toContain(`--statsd.mapping-config=${mountOf(exporter, './ops/statsd-exporter/mapping.yml')}`)
  expect(prometheus?.command).toContain(`--config.file=${mountOf(prometheus, './ops/prometheus')}/prometheus.yml`)
  expect(mountOf(grafana, './ops/grafana/provisioning')).toBe('/etc/grafana/provisioning')
  const dashboards = mountOf(grafana, './ops/grafana/dashboards')
  expect(readProvisioning().providers.map(({ options }) => options.path)).toEqual([dashboards])
  expect(grafana?.environment?.GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH).toBe(`${dashboards}/feature-store.json`)
})

test('what is mounted is there, and nothing is published beyond this machine', () => {
  const sources = Object.values(services).flatMap(({ volumes: mounts = [] }) => mounts.map((mount) => mount.split(':')[0] ?? ''))
  const missing = sources.filter((source) =>
    source.startsWith('.') ? !existsSync(join(PROJECT_ROOT, source)) : !(source in volumes),
  )
  expect(missing).toEqual([])

  const ports = Object.values(services).flatMap((service) => service.ports ?? [])
  expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([])
})
