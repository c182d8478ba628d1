import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { stringify } from 'yaml'
import { type Child, PROJECT_ROOT, startChild } from './child-process.ts'
import { freeTcpPort, freeUdpPort } from './free-port.ts'
import { opsPath, readPrometheusConfig } from './ops-files.ts'
import { requireProgram } from './programs.ts'
import { temporaryFolder } from './temporary-folder.ts'

/** What a query's reply has of each series. */
export type Sample = { metric: Record<string, string>; value: [time: number, value: string] }

type RunningAlert = { labels: Record<string, string>; state: 'pending' | 'firing' }
type EvaluatedRule = { name: string; health: string; lastError?: string }

/** Starts statsd_exporter with the mapping of ops/, on ports of its own. */
export async function startExporter() {
  const [udpPort, webPort] = [await freeUdpPort(), await freeTcpPort()]
  const target = `127.0.0.1:${webPort}`
  const child = startChild({
    command: requireProgram(['statsd_exporter']),
    args: [
      `--statsd.mapping-config=${opsPath('statsd-exporter/mapping.yml')}`,
      `--statsd.listen-udp=127.0.0.1:${udpPort}`,
      '--statsd.listen-tcp=',
      `--web.listen-address=${target}`,
    ],
    cwd: temporaryFolder(),
    env: {},
  })
  await answering(child, `http://${target}/-/healthy`)
  return {
    target,
    env: { STATSD_HOST: '127.0.0.1', STATSD_PORT: String(udpPort) },
    /** What it has, as Prometheus reads it. */
    metrics: async () => (await fetch(`http://${target}/metrics`)).text(),
  }
}

/** Starts Prometheus with the rules and the configuration of ops/, but for the interval and the targets. */
export async function startPrometheus(targets: string[]) {
  const folder = temporaryFolder()
  const config = readPrometheusConfig()
  const ours = {
    global: { ...config.global, scrape_interval: '1s', evaluation_interval: '1s' },
    rule_files: config.rule_files.map((file) => opsPath('prometheus', file)),
    scrape_configs: config.scrape_configs.map((scrape) => ({ ...scrape, static_configs: [{ targets }] })),
  }
  writeFileSync(join(folder, 'prometheus.yml'), stringify(ours))
  const address = `127.0.0.1:${await freeTcpPort()}`
  const child = startChild({
    command: requireProgram(['prometheus']),
    args: [`--config.file=${folder}/prometheus.yml`, `--storage.tsdb.path=${folder}/data`, `--web.listen-address=${address}`],
    cwd: PROJECT_ROOT,
    env: {},
  })
  await answering(child, `http://${address}/-/ready`)

  async function ask<Data>(path: string, query: Record<string, string> = {}): Promise<Data> {
    const reply = await fetch(`http://${address}/api/v1/${path}?${new URLSearchParams(query)}`)
    const { data, error } = (await reply.json()) as { data?: Data; error?: string }
    if (data === undefined) throw new Error(`${error}: ${JSON.stringify(query)}`)
    return data
  }

  return {
    /** What an expression gives now. */
    query: async (query: string) => (await ask<{ result: Sample[] }>('query', { query })).result,
    labelValues: (label: string, series: string) => ask<string[]>(`label/${label}/values`, { 'match[]': series }),
    alerts: async () => (await ask<{ alerts: RunningAlert[] }>('alerts')).alerts,
    rules: async () => (await ask<{ groups: { rules: EvaluatedRule[] }[] }>('rules')).groups.flatMap(({ rules }) => rules),
  }
}

export type Prometheus = Awaited<ReturnType<typeof startPrometheus>>

/** Resolves as soon as the child answers; throws with all that it said where it ends before. */
async function answering(child: Child, url: string): Promise<void> {
  const status = async () => (await fetch(url).catch(() => undefined))?.status
  const ended = child.exited.then(() => {
    throw new Error(child.output())
  })
  await Promise.race([ended, expect.poll(status, { timeout: 30_000 }).toBe(200)])
}
