import { alternate } from './alternate.ts'
import { startBareRoutes } from './contestants.ts'
import { type LoadJob, startLoadGenerator, wireRequest } from './load-generator.ts'
import { type Measurement, measure } from './measure.ts'
import { createProgress } from './progress.ts'
import { spreadOf } from './ratios.ts'
import { shown, shownSpread } from './report.ts'
import { median } from './statistics.ts'
import { textTable } from './text-table.ts'
import { SINGLE_READ } from './workloads.ts'

export type AgainstOptions = {
  rounds: number
  durationMs: number
  connections: readonly number[]
  /** POST where there is a body, else GET. */
  method: string | undefined
  body: string | undefined
  /** Each as `name: value`. */
  headers: readonly string[]
}

type Entrant = { pid: number; storePid: number; target: Pick<LoadJob, 'host' | 'port' | 'isTls' | 'requests'> }

const FIGURES = ['requests', 'perSecond', 'p50Ms', 'p99Ms'] as const

/**
 * Measures an endpoint wherever it is, in alternated rounds with the bare route here. Its process's CPU time is not known.
 * @throws Error when it cannot be reached, or any answer is not 200 or is empty.
 */
export async function measureAgainst(url: URL, options: AgainstOptions): Promise<void> {
  const { rounds, durationMs, connections } = options
  const generator = startLoadGenerator()
  const routes = await startBareRoutes()
  const bareRequests = SINGLE_READ.exchanges.map(({ method, path }) => wireRequest(method, path))
  const entrants: Record<'against' | 'bare', Entrant> = {
    against: { pid: 0, storePid: 0, target: targetOf(url, requestTo(url, options)) },
    bare: { ...routes, target: { port: routes.port, requests: bareRequests } },
  }
  const progress = createProgress((rounds * 2 + 2) * connections.length)
  const rows = [
    ['connections', '', 'CPU us', 'requests', 'requests/s', 'p50 ms', 'p99 ms', 'failed in all', 'throughput of the bare route'],
  ]
  let firstError = ''
  for (const count of connections) {
    const play = ({ target, ...processes }: Entrant, who: string, round: number): Promise<Measurement> => {
      progress.step(`${count} connections, ${round === 0 ? 'warm-up' : `round ${round} of ${rounds}`}, ${who}`)
      return measure(generator, processes, { ...target, connections: count, durationMs, ratePerSecond: 0 })
    }
    for (const who of ['against', 'bare'] as const) await play(entrants[who], who, 0)
    const played = await alternate(rounds, entrants, play)
    const ratio = shownSpread(spreadOf(played.map(({ against, bare }) => against.perSecond / bare.perSecond)))
    for (const who of ['against', 'bare'] as const) {
      const of = (figure: keyof Measurement) => shown(median(played.map((round) => Number(round[who][figure]))))
      const failed = played.reduce((sum, round) => sum + round[who].errors, 0)
      const name = who === 'against' ? url.host : 'bare route'
      rows.push([String(count), name, of('cpuUs'), ...FIGURES.map(of), String(failed), who === 'against' ? ratio : ''])
      firstError ||= played.find((round) => round[who].errors > 0)?.[who].firstError ?? ''
    }
  }
  progress.end()
  console.log(`${url.href}, ${rounds} rounds of ${durationMs} ms, medians\n${textTable(rows)}`)
  if (firstError !== '') throw new Error(`An answer was not 200, or empty: ${firstError}`)
}

function targetOf({ hostname, port, protocol }: URL, request: string) {
  const isTls = protocol === 'https:'
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || (isTls ? 443 : 80)), isTls, requests: [request] }
}

/** The request as it stands on the wire. Its bytes are latin1 text there, so that any UTF-8 in it passes as it is. */
function requestTo({ host, pathname, search }: URL, { method, body, headers }: AgainstOptions): string {
  const lines = [`${method ?? (body === undefined ? 'GET' : 'POST')} ${pathname}${search} HTTP/1.1`, `host: ${host}`, ...headers]
  if (body !== undefined) {
    lines.push(`content-length: ${Buffer.byteLength(body)}`)
    if (!headers.some((header) => /^content-type:/i.test(header))) lines.push('content-type: application/json')
  }
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body ?? ''}`).toString('latin1')
}
