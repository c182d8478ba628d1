import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { rowAt } from '../../bench/support/import-rows.ts'
import { runBulk, startBulk } from '../support/bulk-cli.ts'
import { type Child, PROJECT_ROOT, startChild } from '../support/child-process.ts'
import { freeTcpPort } from '../support/free-port.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const ROWS = 60_000
const BAD_LINES = [5, 24_000, 59_999]

type Report = { right: number; wrong: number; updates: number }

/** A store that looks at each row that comes, as the bench has it. */
async function startStore() {
  const port = await freeTcpPort()
  const script = join(PROJECT_ROOT, 'bench/support/keeping-dynamodb-stand-in.ts')
  startChild({ command: process.execPath, args: [script], cwd: PROJECT_ROOT, env: { PORT: String(port), ROWS: String(ROWS) } })
  const url = `http://127.0.0.1:${port}`
  const ask = async () =>
    (await (await fetch(url, { method: 'POST', headers: { 'x-amz-target': 'A.Report' }, body: '{}' })).json()) as Report
  for (;;) {
    const isThere = await ask().then(
      () => true,
      () => false,
    )
    if (isThere) return { ask, settings: { DYNAMODB_ENDPOINT: url, DYNAMODB_CREATE_TABLES: 'false' } }
    await delay(20)
  }
}

/** A file of rows, a few lines of which are none. */
function writeFile(): string {
  const lines = Array.from({ length: ROWS }, (_, index) => rowAt(index).line)
  for (const line of BAD_LINES) lines.splice(line - 1, 0, `no row ${line}\n`)
  const path = join(temporaryFolder(), 'rows.ndjson')
  writeFileSync(path, lines.join(''))
  return path
}

/** How far a file has come by its checkpoint, in lines. */
function linesSettled(path: string): number {
  return existsSync(`${path}.checkpoint.json`) ? JSON.parse(readFileSync(`${path}.checkpoint.json`, 'utf8')).position.line : 0
}

/** Waits for a checkpoint behind some rows, and for so many rows in the store. */
async function untilHalfWay(child: Child, path: string, ask: () => Promise<Report>): Promise<void> {
  let hasEnded = false
  void child.exited.then(() => {
    hasEnded = true
  })
  while (linesSettled(path) === 0 || (await ask()).right < ROWS / 4) {
    if (hasEnded) throw new Error(`ended too soon: ${child.output()}`)
    await delay(5)
  }
}

function expectRejects(path: string): void {
  const rejects = readFileSync(`${path}.rejects`, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(rejects.map(({ line }) => line)).toEqual(BAD_LINES)
  expect(rejects.map(({ row }) => row)).toEqual(BAD_LINES.map((line) => `no row ${line}`))
  for (const { reason } of rejects) expect(reason).toMatch(/^is not JSON/)
}

test('killed in the midst and run again, an import ends with every row there, none wrong, and each reject told once', async () => {
  const { ask, settings } = await startStore()
  const path = writeFile()
  const killed = startBulk('import', [path], settings)
  await untilHalfWay(killed, path, ask)
  killed.kill('SIGKILL')
  await killed.exited
  const atKill = await ask()
  expect(atKill.right).toBeLessThan(ROWS)

  const { code, stdout, stderr } = await runBulk('import', [path], settings)

  expect(stderr).toContain('where an earlier run stopped')
  expect(code).toBe(1)
  expect(stdout).toMatch(/^ +60,003 {2}rows {2}\([\d,]+ in earlier runs\)$/m)
  expect(stdout).toMatch(/^ +60,000 {2}written$/m)
  expect(stdout).toMatch(/^ +3 {2}rejected {2}\(line and reason of each in .*rows\.ndjson\.rejects\)$/m)
  const { right, wrong, updates } = await ask()
  expect({ right, wrong }).toEqual({ right: ROWS, wrong: 0 })
  // It went on, and did not begin anew.
  expect(updates).toBeLessThan(atKill.updates + ROWS)
  expectRejects(path)
  expect(existsSync(`${path}.checkpoint.json`)).toBe(false)
})

test('interrupted, it finishes what is under way, ends with 2, and goes on when it is run again', async () => {
  const { ask, settings } = await startStore()
  const path = writeFile()
  const interrupted = startBulk('import', [path], settings)
  await untilHalfWay(interrupted, path, ask)
  interrupted.kill('SIGINT')
  expect(await interrupted.exited).toEqual({ code: 2, signal: null })
  expect(interrupted.stderr()).toContain('Run the same command again to continue')
  const { counts } = JSON.parse(readFileSync(`${path}.checkpoint.json`, 'utf8'))
  expect(counts.written).toBe((await ask()).right)

  const { code } = await runBulk('import', [path], settings)

  expect(code).toBe(1)
  expect(await ask()).toEqual({ right: ROWS, wrong: 0, updates: ROWS })
  expectRejects(path)
})

/** Puts another row in the place of one in the midst, of the same length. */
function changeMidst(path: string): void {
  const text = readFileSync(path, 'utf8')
  const at = text.indexOf('\n', text.length / 8) + 1
  writeFileSync(
    path,
    `${text.slice(0, at)}${rowAt(0)
      .line.trimEnd()
      .padEnd(text.indexOf('\n', at) - at)}${text.slice(text.indexOf('\n', at))}`,
  )
}

test('a file that has changed, were it by one row of the same length, and --restart, begin anew', async () => {
  const { ask, settings } = await startStore()
  const path = writeFile()
  for (const change of ['file', 'restart']) {
    const interrupted = startBulk('import', [path, '--restart'], settings)
    await untilHalfWay(interrupted, path, ask)
    interrupted.kill('SIGINT')
    await interrupted.exited
    if (change === 'file') changeMidst(path)

    const { stdout, stderr } = await runBulk('import', change === 'file' ? [path] : [path, '--restart'], settings)

    expect(stderr).not.toContain('where an earlier run stopped')
    expect(stdout).toMatch(/^ +60,003 {2}rows$/m)
    expectRejects(path)
  }
})
