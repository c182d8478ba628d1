import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { PROJECT_ROOT } from './child-process.ts'

/** The path of a file of ops/, or of the project. */
export function opsPath(...path: string[]): string {
  return join(PROJECT_ROOT, 'ops', ...path)
}

function readYaml(path: string): unknown {
  return parse(readFileSync(path, 'utf8'))
}

export type Alert = {
  alert: string
  expr: string
  labels: Record<string, string>
  annotations: Record<string, string>
}

/** The alert rules that Prometheus has. */
export function readAlerts(): Alert[] {
  const { groups } = readYaml(opsPath('prometheus/alerts.yml')) as { groups: { rules: Alert[] }[] }
  return groups.flatMap(({ rules }) => rules)
}

type ScrapeConfig = { job_name: string; static_configs: { targets: string[] }[] }
export type PrometheusConfig = {
  global: Record<string, string>
  rule_files: string[]
  scrape_configs: ScrapeConfig[]
}

export function readPrometheusConfig(): PrometheusConfig {
  return readYaml(opsPath('prometheus/prometheus.yml')) as PrometheusConfig
}

export type MappingRule = { match: string; name: string; help: string; labels?: Record<string, string>; scale?: number }

/** The rules by which statsd_exporter names what it receives. */
export function readMapping(): MappingRule[] {
  return (readYaml(opsPath('statsd-exporter/mapping.yml')) as { mappings: MappingRule[] }).mappings
}

type Area = { x: number; y: number; w: number; h: number }
type Datasource = { type: string; uid: string }

export type Panel = {
  id: number
  type: string
  title: string
  description?: string
  gridPos: Area
  datasource?: Datasource
  fieldConfig?: { defaults: { unit?: string } }
  targets?: { expr: string; legendFormat: string }[]
}

type Variable = { name: string; datasource: Datasource; query: { query: string }; allValue: string }

export type Dashboard = { uid: string; panels: Panel[]; templating: { list: Variable[] } }

export function readDashboard(): Dashboard {
  return JSON.parse(readFileSync(opsPath('grafana/dashboards/feature-store.json'), 'utf8')) as Dashboard
}

/** Grafana's datasources and where it looks for dashboards. */
export function readProvisioning() {
  const { datasources } = readYaml(opsPath('grafana/provisioning/datasources/prometheus.yml')) as {
    datasources: { uid: string; type: string; url: string; jsonData: Record<string, string> }[]
  }
  const { providers } = readYaml(opsPath('grafana/provisioning/dashboards/files.yml')) as {
    providers: { options: { path: string } }[]
  }
  return { datasources, providers }
}

export type ComposeService = {
  image?: string
  profiles?: string[]
  depends_on?: string[] | Record<string, { condition: string; required?: boolean }>
  environment?: Record<string, string | number>
  command?: string[]
  volumes?: string[]
  ports?: string[]
}

export function readCompose() {
  return readYaml(join(PROJECT_ROOT, 'docker-compose.yml')) as {
    services: Record<string, ComposeService>
    volumes: Record<string, unknown>
  }
}
