import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { GetItemCommand } from '@aws-sdk/client-dynamodb'
import { openEmbeddedStore } from '../src/dynamodb/embedded-store.ts'
import { openStore } from '../src/dynamodb/store.ts'
import { passEverything, startScriptedDynamoDB } from '../test/support/scripted-dynamodb.ts'
import { freePort, startChild, waitFor } from './support/child.ts'
import { FAULTS, type Fault } from './support/faults.ts'
import { median } from './support/statistics.ts'

/**
 * What a client gets while DynamoDB misbehaves, as the rows of README's table: the service's own process with its default
 * settings, in front of it a proxy that injects the fault, behind that the embedded store. `--rounds`: how often each.
 */
const { values } = parseArgs({ options: { rounds: { type: 'string', default: '5' } } })
const rounds = Number(values.rounds)

const TABLE_NAMES = { bright_uid: 'features_bright_uid', account_id: 'features_account_id' }

type Answer = { told: string; tookMs: number }

const embedded = await openEmbeddedStore('memory')
const store = await openStore({
  endpoint: embedded.endpoint,
  dataDir: 'memory',
  region: 'us-east-1',
  dummyCredentials: true,
  attemptTimeoutMs: 10_000,
  tableNames: TABLE_NAMES,
  createTables: true,
})
const proxy = await startScriptedDynamoDB(passEverything, embedded.endpoint)

/** A service of its own for each fault, as what one fault used up of the retry budget would tell on the next. */
async function startService() {
  const port = await freePort()
  const { end } = startChild('src/server.ts', {
    ENVIRONMENT: 'production',
    AUTH: 'off',
    DYNAMODB_ENDPOINT: proxy.url,
    AWS_REGION: 'us-east-1',
    STATSD_HOST: 'off',
    LOG_LEVEL: 'silent',
    HOST: '127.0.0.1',
    PORT: String(port),
  })
  const url = `http://127.0.0.1:${port}`
  await waitFor(`${url}/health/live`)
  return { url, end }
}

async function ask(url: string, body?: object): Promise<Answer> {
  const startedMs = performance.now()
  const post = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  const reply = await fetch(url, body ? post : {})
  const json = (await reply.json()) as { code?: string; results?: Record<string, { status: string }> }
  const fate = reply.status === 200 ? undefined : json.results?.a?.status
  const told = [reply.status, json.code, fate && `(${fate})`].filter(Boolean).join(' ')
  return { told, tookMs: performance.now() - startedMs }
}

/** Which of the writes' values the store has. */
async function stored(): Promise<string> {
  const Key = { bright_uid: { S: 'user' }, category: { S: 'a' } }
  const { Item } = await store.client.send(new GetItemCommand({ TableName: TABLE_NAMES.bright_uid, Key }))
  return Item?.features?.M?.data?.M?.value?.S ?? 'nothing'
}

async function playRound(url: string, { script }: Fault) {
  proxy.use(passEverything)
  await ask(`${url}/api/v1/items/user`, { a: { value: 'as before' }, b: { value: 'as before' } })
  proxy.use(script)
  const read = await ask(`${url}/api/v1/get/item/user/a`)
  proxy.use(script)
  const batch = await ask(`${url}/api/v1/get/item/user`, { a: [], b: [] })
  proxy.use(script)
  const write = await ask(`${url}/api/v1/items/user`, { a: { value: 'the new one' } })
  await delay(50) // what a proxy applies after its client has gone
  return { read, batch, write, stored: await stored() }
}

function summarize(answers: readonly Answer[]): string {
  const told = [...new Set(answers.map(({ told }) => told))].join(' or ')
  return `${told}, ${Math.round(median(answers.map(({ tookMs }) => tookMs)))} ms`
}

console.log('| injected | a read got | a read of two categories got | a write got | stored after the write |')
console.log('|---|---|---|---|---|')
for (const fault of FAULTS) {
  const service = await startService()
  const played: Awaited<ReturnType<typeof playRound>>[] = []
  for (let round = 0; round < rounds; round += 1) played.push(await playRound(service.url, fault))
  service.end()
  const columns = (['read', 'batch', 'write'] as const).map((kind) => summarize(played.map((answers) => answers[kind])))
  const fates = [...new Set(played.map((answers) => answers.stored))].join(' or ')
  console.log(`| ${[fault.what, ...columns, fates].join(' | ')} |`)
}
process.exit(0)
