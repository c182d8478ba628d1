import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { PROJECT_ROOT, startChild } from '../support/child-process.ts'
import { success } from '../support/dynamodb-replies.ts'
import { startScriptedDynamoDB } from '../support/scripted-dynamodb.ts'
import { STACK_LINE } from '../support/service-process.ts'
import { itemOf } from '../support/stored-record.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const ROWS_OF_SEGMENT = 750
const SCRIPT = join(PROJECT_ROOT, 'src/cli/export.ts')

/** A table with so many rows in each segment, of 300 bytes each. */
async function startTable() {
  const item = itemOf({ f: { S: 'x'.repeat(200) } })
  const page = success({ Items: Array.from({ length: ROWS_OF_SEGMENT }, () => item), Count: ROWS_OF_SEGMENT })
  const dynamodb = await startScriptedDynamoDB(() => page)
  onTestFinished(() => dynamodb.close())
  return dynamodb.url
}

/** A command of a shell, in which $EXPORT exports and $OUT is the file that it is about. */
async function shell(command: string) {
  const env = {
    DYNAMODB_ENDPOINT: await startTable(),
    DYNAMODB_CREATE_TABLES: 'false',
    EXPORT: `${process.execPath} ${SCRIPT}`,
    OUT: join(temporaryFolder(), 'out.ndjson'),
  }
  const child = startChild({ command: 'bash', args: ['-c', command], cwd: PROJECT_ROOT, env })
  const { code } = await child.exited
  return { code, stderr: child.stderr(), out: readFileSync(env.OUT, 'utf8') }
}

const rowsIn = (text: string) => text.split('\n').filter((line) => line !== '')

test('an export that finds no room on the disk says so, and does not end with 0', async () => {
  // Kibibytes; what is beyond them is refused, and a write that goes there cut short.
  const { code, stderr, out } = await shell('ulimit -f 400; $EXPORT > $OUT')

  expect(code).toBe(2)
  expect(stderr).toMatch(/^The export is incomplete: EFBIG/m)
  expect(stderr).not.toMatch(STACK_LINE)
  expect(out.length).toBe(400 * 1024)
})

test('two exports to one file, and what else is said there, all stand in it', async () => {
  const { code, out } = await shell('{ npm run export; $EXPORT; echo "{}"; } > $OUT')

  expect(code).toBe(0)
  const rows = rowsIn(out)
  expect(rows.length).toBe(2 * 4 * ROWS_OF_SEGMENT + 1)
  expect(rows.at(-1)).toBe('{}')
  for (const row of rows) expect(() => JSON.parse(row)).not.toThrow()
})

test('many segments to a slow reader come whole, and without warnings', async () => {
  const { code, stderr, out } = await shell('set -o pipefail; $EXPORT --segments 32 | (sleep 0.5; cat) > $OUT')

  expect(code).toBe(0)
  expect(rowsIn(out).length).toBe(32 * ROWS_OF_SEGMENT)
  expect(stderr).not.toContain('Warning')
})
