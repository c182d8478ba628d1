import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { freePort, startChild, waitFor } from './support/child.ts'
import { rowAt } from './support/import-rows.ts'
import { textTable } from './support/text-table.ts'

/**
 * An import of `--rows` rows of NDJSON into a DynamoDB that answers at once and looks at each of them: killed (SIGKILL) once
 * half of them are there, and run again. How many rows a second, of how much memory, and that all are there and none is wrong.
 */
const { values } = parseArgs({ options: { rows: { type: 'string', default: '1000000' } } })
const rows = Number(values.rows)
const ROOT = fileURLToPath(new URL('..', import.meta.url))
const LOOK_AGAIN_MS = 250
const KB_PER_MB = 1000

type Report = { right: number; wrong: number; updates: number }

async function writeRows(path: string): Promise<void> {
  const file = createWriteStream(path)
  for (let start = 0; start < rows; start += 1000) {
    const text = Array.from({ length: Math.min(1000, rows - start) }, (_, index) => rowAt(start + index).line).join('')
    if (!file.write(text)) await once(file, 'drain')
  }
  file.end()
  await once(file, 'close')
}

async function ask(endpoint: string): Promise<Report> {
  const reply = await fetch(endpoint, { method: 'POST', headers: { 'x-amz-target': 'StandIn.Report' }, body: '{}' })
  return (await reply.json()) as Report
}

function residentMb({ pid }: ChildProcess): number | undefined {
  try {
    const [, kb] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
    // One that has ended, and was not waited for, has none.
    return kb === undefined ? undefined : Number(kb) / KB_PER_MB
  } catch {
    return undefined
  }
}

/** Runs the import until it ends, or until it is killed, as soon as so many rows are there; what it took. */
async function run(file: string, endpoint: string, killAt: number) {
  const before = await ask(endpoint)
  const startMs = performance.now()
  const child = spawn(process.execPath, ['src/cli/import.ts', '--table-type', 'bright_uid', file], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, DYNAMODB_ENDPOINT: endpoint, DYNAMODB_CREATE_TABLES: 'false' },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const gone = once(child, 'exit')
  const memory: number[] = []
  while (child.exitCode === null && child.signalCode === null) {
    const mb = residentMb(child)
    if (mb !== undefined) memory.push(mb)
    if (killAt < rows && (await ask(endpoint)).right >= killAt) child.kill('SIGKILL')
    await Promise.race([gone, delay(LOOK_AGAIN_MS)])
  }
  const seconds = (performance.now() - startMs) / 1000
  const after = await ask(endpoint)
  return { ended: child.signalCode ?? `exit ${child.exitCode}`, seconds, memory, after, updates: after.updates - before.updates }
}

const folder = await mkdtemp(join(tmpdir(), 'import-'))
const port = await freePort()
const standIn = startChild('bench/support/keeping-dynamodb-stand-in.ts', { PORT: String(port), ROWS: String(rows) })
const endpoint = `http://127.0.0.1:${port}`
await waitFor(endpoint)
try {
  const file = join(folder, 'rows.ndjson')
  console.error(`writing ${rows} rows to ${file}`)
  await writeRows(file)
  const table = [['run', 'ended', 's', 'writes', 'writes/s', 'MB at a tenth, at the end, at most', 'rows there', 'wrong']]
  for (const killAt of [rows / 2, rows]) {
    const { ended, seconds, memory, after, updates } = await run(file, endpoint, killAt)
    const atTenth = memory[Math.floor(memory.length / 10)] ?? 0
    const megabytes = [atTenth, memory.at(-1) ?? 0, Math.max(...memory)].map((mb) => mb.toFixed(0)).join(', ')
    const rate = (updates / seconds).toFixed(0)
    table.push([
      String(table.length),
      ended,
      seconds.toFixed(1),
      String(updates),
      rate,
      megabytes,
      String(after.right),
      String(after.wrong),
    ])
  }
  console.log(textTable(table))
  const { right, wrong } = await ask(endpoint)
  if (right !== rows || wrong > 0) throw new Error(`${rows - right} rows are not there as they should be, ${wrong} of them wrong`)
} finally {
  standIn.end()
  await rm(folder, { recursive: true })
}
