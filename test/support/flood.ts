import fc from 'fast-check'
import { arbitraryBytes } from './arbitrary-bytes.ts'
import type { FuzzTarget } from './fuzz-target.ts'
import { requestText } from './raw-client.ts'

const BODY_LIMIT_BYTES = 4 * 1024 * 1024
// Fewer bytes than the service takes at once.
const AT_ONCE = 12

const write = (body: string, name = 'flood') => requestText('POST', `/api/v1/items/${name}`, {}, body)
const filter = (body: string, name = 'known') => requestText('POST', `/api/v1/get/item/${name}`, {}, body)
const filled = (before: string, one: string, after: string) =>
  before + one.repeat(Math.floor((BODY_LIMIT_BYTES - before.length - after.length) / one.length)) + after

/** Bodies as large as they may be, in the shapes that take the most of a parser. */
const MAXIMAL_BODIES = [
  write(filled('{"cat":{"f":"', 'x', '"}}')),
  write(filled('{"cat":{"f":', '[', '')),
  write(filled('{"cat":{"f":{}', ',"f":{"g":[]}', '}}')),
  filter(filled('{"cat":[""', ',"name"', ']}')),
  filter(filled('{"cat":', '[[]', '')),
  requestText('POST', '/api/v1/items/flood', {}, 'x'.repeat(BODY_LIMIT_BYTES)),
  requestText('POST', '/nothing', {}, 'x'.repeat(BODY_LIMIT_BYTES)),
]

const MANY_KEYS = [
  write(`{"cat":{${Array.from({ length: 100_000 }, (_, i) => `"f${i}":1`).join()}}}`),
  filter(`{"cat":[${Array.from({ length: 100_000 }, (_, i) => `"f${i}"`).join()}]}`),
  write(`{${Array.from({ length: 50 }, (_, i) => `"c${i}":{"f":"${'x'.repeat(5000)}"}`).join()}}`),
]

const LARGE_HEADERS = requestText('GET', '/health/live', { 'x-large': 'x'.repeat(15_000) })
const HALF_A_BODY = `${requestText('POST', '/api/v1/items/flood', { 'content-type': 'application/json', 'content-length': '4000000' })}${'x'.repeat(1_000_000)}`

/** What is never the same twice: identifiers, categories, features, request ids, paths. */
const oneOfMany = (round: number) =>
  Array.from({ length: 60 }, (_, index) => {
    const name = `r${round}-${index}-${'n'.repeat(500)}`
    const fields = { 'x-request-id': name.slice(0, 100), 'user-agent': name }
    return (
      requestText('GET', `/api/v1/get/item/${name}/${name}?${name}=${name}`, fields) +
      filter(`{"${name}":["${name}"]}`, name) +
      requestText('GET', `/${name}`, fields)
    )
  })

/** Sends a service some 80 MB of everything that takes memory; `round` makes each flood one of its own. */
export async function flood(target: FuzzTarget, round: number): Promise<string[]> {
  const random = fc.sample(arbitraryBytes, { seed: round, numRuns: 60 })
  const sends = [
    ...[...MAXIMAL_BODIES, ...MANY_KEYS].map((bytes) => () => target.send(bytes, { whole: true })),
    ...oneOfMany(round).map((bytes) => () => target.send(bytes, { whole: true })),
    ...Array.from({ length: 20 }, () => () => target.send(LARGE_HEADERS.repeat(40), { whole: true })),
    ...random.map((bytes) => () => target.send(bytes)),
  ]
  const leaves = [...Array.from({ length: 20 }, () => HALF_A_BODY), ...MAXIMAL_BODIES].map((bytes, index) => async () => {
    return { faults: await target.sendAndLeave(bytes, index % 2 === 0 ? 'reset' : 'end') }
  })
  return (await limited([...sends, ...leaves])).flatMap(({ faults }) => faults)
}

async function limited<Result>(acts: readonly (() => Promise<Result>)[]): Promise<Result[]> {
  const results: Result[] = []
  for (let at = 0; at < acts.length; at += AT_ONCE) {
    results.push(...(await Promise.all(acts.slice(at, at + AT_ONCE).map((act) => act()))))
  }
  return results
}
