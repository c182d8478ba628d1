import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { answerTo } from '../../bench/support/dynamodb-answers.ts'
import { runBulk, startBulk } from '../support/bulk-cli.ts'
import { refusal, success } from '../support/dynamodb-replies.ts'
import { startScriptedDynamoDB } from '../support/scripted-dynamodb.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

/** A table that takes so many rows and no more, until it is told to take all. */
async function startStore(room: number) {
  const table = { id: 'first', room }
  let written = 0
  const dynamodb = await startScriptedDynamoDB(({ operation, body }) => {
    if (operation === 'DescribeTable') {
      const { Table } = answerTo(operation, body) as { Table: object }
      return success({ Table: { ...Table, TableId: table.id } })
    }
    if (written >= table.room) return refusal('AccessDeniedException', 'User is not authorized')
    written += 1
    return success({})
  })
  onTestFinished(() => dynamodb.close())

  /** Runs an import until it meets the end of the room, and interrupts it there. */
  async function interruptAtRoom(args: readonly string[]) {
    const importing = startBulk('import', [...args, '--concurrency', '1'], settings)
    while (dynamodb.calls().length < table.room + 3) await delay(5)
    importing.kill('SIGINT')
    const { code } = await importing.exited
    table.room = Number.POSITIVE_INFINITY
    return { code, stdout: importing.stdout(), stderr: importing.stderr() }
  }
  const settings = { DYNAMODB_ENDPOINT: dynamodb.url, DYNAMODB_CREATE_TABLES: 'false' }
  return { table, settings, interruptAtRoom, written: () => written }
}

function writeRows(count: number): string {
  const path = join(temporaryFolder(), 'rows.ndjson')
  const row = (index: number) => `{"identifier":"u${index}","category":"c","features":{"f":${index}}}\n`
  writeFileSync(path, Array.from({ length: count }, (_, index) => row(index)).join(''))
  return path
}

test('writes that are no longer permitted end an import with a true summary, and a checkpoint to go on from', async () => {
  const { interruptAtRoom } = await startStore(30)
  const path = writeRows(100)

  const { code, stdout, stderr } = await interruptAtRoom([path])

  expect(code).toBe(2)
  expect(stdout).toMatch(/^ +30 {2}rows\n +30 {2}written$/m)
  expect(stderr).toMatch(/^The import has stopped: .*Allow dynamodb:UpdateItem/m)
  expect(stderr).toContain('Run the same command again to continue.')
  expect(JSON.parse(readFileSync(`${path}.checkpoint.json`, 'utf8'))).toMatchObject({
    position: { line: 30 },
    counts: { rows: 30, written: 30 },
    done: false,
  })
})

test.each([
  ['the same table goes on', 'first', 100],
  ['a table of the same name that was made anew begins anew', 'second', 130],
])('a checkpoint holds for one table: an import into %s', async (_, id, expected) => {
  const { table, settings, interruptAtRoom, written } = await startStore(30)
  const path = writeRows(100)
  await interruptAtRoom([path])
  table.id = id

  const { code, stdout } = await runBulk('import', [path], settings)

  expect(code).toBe(0)
  expect(written()).toBe(expected)
  expect(stdout).toMatch(/^ +100 {2}written$/m)
  expect(stdout.includes('30 in earlier runs')).toBe(id === 'first')
})

test('a run of several files goes on in the one where it stopped; one that was done, named alone, is imported anew', async () => {
  const { settings, interruptAtRoom, written } = await startStore(130)
  const [first, second] = [writeRows(100), writeRows(90)]
  await interruptAtRoom([first, second])

  const both = await runBulk('import', [first, second], settings)
  expect(both.stdout).toMatch(/^ +190 {2}rows {2}\(130 in earlier runs\)\n +190 {2}written$/m)
  expect(written()).toBe(190)

  const again = await startStore(130)
  await again.interruptAtRoom([first, second])
  const alone = await runBulk('import', [first], again.settings)
  expect(alone.stdout).toMatch(/^ +100 {2}rows\n +100 {2}written$/m)
  expect(again.written()).toBe(230)
})
