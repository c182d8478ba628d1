import { createSocket } from 'node:dgram'
import { writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { onTestFinished } from 'vitest'
import { PROJECT_ROOT, startChild } from './child-process.ts'
import { freeTcpPort, freeUdpPort } from './free-port.ts'
import { temporaryFolder } from './temporary-folder.ts'

const STATS = join(PROJECT_ROOT, 'node_modules/statsd/stats.js')
const PRELOAD = join(PROJECT_ROOT, 'test/support/util-log-preload.cjs')
const PREFIX = 'feature_store.'
const MARKER = 'sent_by_the_test_itself'
const HOUR_MS = 3_600_000

type Command = 'counters' | 'timers' | 'gauges'

/** What a receiver has, by name without the prefix and tags in the alphabet's order: `http.slow.count;method=GET;route=/a`. */
export type Received = {
  /** Counters' sums. To this receiver a histogram is a counter, of the sum of its values. */
  counters: Record<string, number>
  timers: Record<string, number[]>
  gauges: Record<string, number>
  /** Lines that it could not read, and what it said of them. */
  badLines: number
  log: string
}

/** Starts Etsy's statsd 0.9.0, a StatsD receiver that others wrote. It sums up all that it is sent until the test ends. */
export async function startEtsyStatsD() {
  const [port, managementPort] = [await freeUdpPort(), await freeTcpPort()]
  const settings = {
    port,
    address: '127.0.0.1',
    mgmt_port: managementPort,
    backends: [],
    flushInterval: HOUR_MS,
    automaticConfigReload: false,
    deleteIdleStats: false,
    // It would take the braces out of routes.
    keyNameSanitize: false,
  }
  const config = join(temporaryFolder(), 'config.js')
  writeFileSync(config, JSON.stringify(settings))
  const child = startChild({ command: process.execPath, args: ['--require', PRELOAD, STATS, config], cwd: PROJECT_ROOT, env: {} })
  await child.printed(/server is up/)
  const sender = createSocket('udp4')
  onTestFinished(() => {
    sender.close()
  })

  /** The answer to a command of its management interface. */
  async function ask(command: Command): Promise<Record<string, unknown>> {
    const socket = connect({ host: '127.0.0.1', port: managementPort })
    socket.end(command)
    const [json = ''] = (await text(socket)).split('\nEND')
    return JSON.parse(json) as Record<string, unknown>
  }

  /** Datagrams are read in the order in which they were sent: once one of ours is counted, so are all before it. */
  async function waitForAllBefore(): Promise<void> {
    do sender.send(`${MARKER}:1|c`, port, '127.0.0.1')
    while (!(MARKER in (await ask('counters'))))
  }

  return {
    env: { STATSD_HOST: '127.0.0.1', STATSD_PORT: String(port) },
    /** What it was sent until now. To be asked once. */
    async received(): Promise<Received> {
      await waitForAllBefore()
      const counters = await ask('counters')
      return {
        counters: ownOf<number>(counters),
        timers: ownOf<number[]>(await ask('timers')),
        gauges: ownOf<number>(await ask('gauges')),
        badLines: Number(counters['statsd.bad_lines_seen']),
        log: child.output(),
      }
    },
  }
}

/** What the service sent, and neither the receiver nor the test; its names are held to begin with the prefix elsewhere. */
function ownOf<Value>(metrics: Record<string, unknown>): Record<string, Value> {
  const own = Object.entries(metrics).filter(([key]) => !key.startsWith('statsd.') && key !== MARKER)
  return Object.fromEntries(own.map(([key, value]) => [inOrder(key), value as Value]))
}

function inOrder(key: string): string {
  const [name = '', ...tags] = key.split(';')
  return [name.replace(PREFIX, ''), ...tags.sort()].join(';')
}

/** The key that a metric with these tags has in what was received. */
export function keyOf(name: string, tags: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(tags).map(([tag, value]) => `${tag}=${value}`)
  return [name, ...pairs.sort()].join(';')
}
