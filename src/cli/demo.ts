import { explainUsage } from './bulk/explain-failure.ts'
import { formatCount } from './bulk/format.ts'
import { UsageError } from './bulk/usage-error.ts'
import { type Client, createClient } from './demo/client.ts'
import { identifierOf } from './demo/data-set.ts'
import { DEMO_USAGE, type DemoOptions, readDemoOptions } from './demo/demo-options.ts'
import { createEnding } from './demo/ending.ts'
import { fill } from './demo/fill.ts'
import { loadTable } from './demo/load-table.ts'
import { createRandom } from './demo/random.ts'
import { runLoad } from './demo/run-load.ts'
import { createScreen } from './demo/screen.ts'
import { findPort, type ServiceProcess, startService } from './demo/service-process.ts'

// As many as a small model server has under way; the embedded store answers some hundreds of calls a second.
const WORKERS = 8
const DRAW_INTERVAL_MS = 1000
const SEED = 2026

const screen = createScreen(process.stdout)
const ending = createEnding()

/** `npm run demo`: the service on an embedded store, a believable data set, a mixed load, and then it is yours. Returns the exit status. */
async function demo(options: DemoOptions): Promise<number> {
  screen.say(screen.title('An online feature store, on your machine'))
  const port = await findPort(options.port)
  if (options.port !== 0 && port !== options.port) screen.say(`  port ${options.port} is taken: ${port} in its place`)
  const startMs = performance.now()
  const service = await startService(port, ending.isAsked)
  if (!service) return 0
  const client = createClient(service.url, WORKERS)
  try {
    screen.say(`  the service is ready at ${service.url} after ${((performance.now() - startMs) / 1000).toFixed(1)} s`)
    screen.say(screen.faint('  on the embedded store, in memory: DynamoDB’s protocol, at a laptop’s speed\n'))
    return await Promise.race([play(client, service, options), failWith(service)])
  } finally {
    // Whatever still asks is to stop.
    ending.ask()
    client.close()
    await service.stop()
    screen.say(screen.faint('  the service has ended; nothing was kept'))
  }
}

async function play(client: Client, service: ServiceProcess, options: DemoOptions): Promise<number> {
  await write(client, options)
  const unexpected = ending.isAsked() ? 0 : await load(client, options)
  if (!ending.isAsked() && !options.once) {
    await invite(client, service)
    screen.say(screen.title('It stays up for you: Ctrl-C ends it'))
    await ending.asked
    screen.say()
  }
  return unexpected > 0 ? 1 : 0
}

/** Fails once the service ends that nobody ended. */
async function failWith({ gone, lastWords }: ServiceProcess): Promise<never> {
  await gone
  throw new Error(`The service ended by itself. Its last words:\n${lastWords()}`)
}

async function write(client: Client, { users, accounts }: DemoOptions): Promise<void> {
  screen.say(screen.title(`Producers write the features of ${formatCount(users)} users and ${formatCount(accounts)} accounts`))
  const startMs = performance.now()
  const rows = await fill({ client, entities: { users, accounts }, screen, isOver: ending.isAsked })
  const seconds = (performance.now() - startMs) / 1000
  screen.say(`  ${formatCount(rows)} categories in ${seconds.toFixed(1)} s, ${formatCount(rows / seconds)}/s\n`)
}

async function load(client: Client, { users, accounts, seconds }: DemoOptions): Promise<number> {
  screen.say(screen.title(`Models read and producers write, ${WORKERS} at a time, for ${seconds} s`))
  const { tallies, firstFault, ended } = runLoad({
    client,
    random: createRandom(SEED),
    entities: { users, accounts },
    workers: WORKERS,
    durationMs: seconds * 1000,
    isOver: ending.isAsked,
  })
  const startMs = performance.now()
  const table = () => loadTable(tallies, (performance.now() - startMs) / 1000)
  const timer = setInterval(() => screen.draw(table()), DRAW_INTERVAL_MS)
  await ended
  clearInterval(timer)
  screen.say(table().join('\n'))
  const unexpected = [...tallies.values()].reduce((sum, tally) => sum + tally.unexpected, 0)
  const fault = firstFault()
  screen.say(
    fault === undefined
      ? screen.good('  every answer was as it should be\n')
      : screen.bad(`  the first that was not as it should be: ${fault}\n`),
  )
  return unexpected
}

/** What to try, with one of the answers. */
async function invite(client: Client, { url }: ServiceProcess): Promise<void> {
  const user = identifierOf('bright_uid', 7)
  const account = identifierOf('account_id', 3)
  const { body } = await client.send('GET', `/get/item/${user}/trans_features`)
  screen.say(screen.title('Now you'))
  screen.say(`  ${screen.good(`${url}/docs`)}   every endpoint, to try out in the browser\n`)
  screen.say(`  curl '${url}/api/v1/get/item/${user}/trans_features'`)
  screen.say(screen.faint(`  ${body}`))
  screen.say(`  curl '${url}/api/v1/get/item/${account}?table_type=account_id'`)
  screen.say(`  curl '${url}/api/v1/items/${user}' -H 'content-type: application/json' -d '{"my_features": {"answer": 42}}'\n`)
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, ending.ask)
// A terminal that is closed takes nothing any more; the service is to end all the same.
for (const stream of [process.stdout, process.stderr]) stream.on('error', ending.ask)

try {
  process.exitCode = await demo(readDemoOptions(process.argv.slice(2), process.env))
} catch (error) {
  const isUsage = error instanceof UsageError
  console.error(isUsage ? explainUsage(error, DEMO_USAGE) : error instanceof Error ? error.message : String(error))
  process.exitCode = isUsage && error.message === '' ? 0 : 1
}
process.exit()
