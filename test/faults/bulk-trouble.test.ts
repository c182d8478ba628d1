import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { answerTo } from '../../bench/support/dynamodb-answers.ts'
import { runBulk, startBulk } from '../support/bulk-cli.ts'
import { refusal, success, throttling } from '../support/dynamodb-replies.ts'
import { type Script, startScriptedDynamoDB } from '../support/scripted-dynamodb.ts'
import { STACK_LINE } from '../support/service-process.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const ROWS = 400

/** A store by the script, which has its tables unless the script has its own answer for who asks. */
async function start(script: Script, tables: Script = ({ operation, body }) => success(answerTo(operation, body))) {
  const dynamodb = await startScriptedDynamoDB((call) => (call.operation === 'DescribeTable' ? tables(call) : script(call)))
  onTestFinished(() => dynamodb.close())
  const settings = { DYNAMODB_ENDPOINT: dynamodb.url, DYNAMODB_CREATE_TABLES: 'false' }
  return { dynamodb, settings }
}

function writeRows(count = ROWS): string {
  const path = join(temporaryFolder(), 'rows.ndjson')
  const row = (index: number) => `{"identifier":"u${index}","category":"c","features":{"f":${index}}}\n`
  writeFileSync(path, Array.from({ length: count }, (_, index) => row(index)).join(''))
  return path
}

/** A store that throttles whatever comes while more than so many writes are under way. */
function narrowStore(maxInFlight: number) {
  const written = new Set<string>()
  let open = 0
  const script: Script = async ({ operation, body }) => {
    if (operation !== 'UpdateItem') return success({})
    open += 1
    const isThrottled = open > maxInFlight
    await new Promise((resolve) => setTimeout(resolve, 5))
    open -= 1
    if (isThrottled) return throttling
    written.add(JSON.stringify(body.Key))
    return success({})
  }
  return { script, written }
}

test('an import into a store that throttles all but a few calls at once writes every row all the same', async () => {
  const { script, written } = narrowStore(6)
  const { settings } = await start(script)

  const { code, stdout } = await runBulk('import', [writeRows()], settings)

  expect(code).toBe(0)
  expect(written.size).toBe(ROWS)
  expect(stdout).toMatch(/^ +400 {2}written$/m)
  expect(stdout).toMatch(/^ +[1-9][\d,]* {2}retries {2}\([1-9][\d,]* calls throttled\)$/m)
})

test('a store that is away for a while is waited for', async () => {
  let calls = 0
  const { settings } = await start(() => {
    calls += 1
    return calls <= 60 ? 'reset' : success({})
  })

  const { code, stdout } = await runBulk('import', [writeRows(50), '--concurrency', '16'], settings)

  expect(code).toBe(0)
  expect(stdout).toMatch(/^ +50 {2}written$/m)
  expect(calls).toBeGreaterThan(60)
})

test('a store that nothing listens for any more, after its first answers, is waited for', async () => {
  const script: Script = ({ operation, body }) => success(answerTo(operation, body))
  const before = await startScriptedDynamoDB(script)
  const importing = startBulk('import', [writeRows(2000), '--concurrency', '4'], { DYNAMODB_ENDPOINT: before.url })
  while (before.calls().length < 20) await delay(5)
  await before.close()
  await delay(500)
  const after = await startScriptedDynamoDB(script, undefined, Number(new URL(before.url).port))
  onTestFinished(() => after.close())

  expect((await importing.exited).code).toBe(0)
  expect(importing.stdout()).toMatch(/^ +2,000 {2}written$/m)
  expect(after.calls().length).toBeGreaterThan(0)
})

const noTable = refusal('ResourceNotFoundException', 'Requested resource not found')
const noPermission = refusal('AccessDeniedException', 'User is not authorized')

test.each([
  ['a missing table', noTable, /^The import has stopped: .*npm run tables:create/m],
  ['a missing permission', noPermission, /^The import has stopped: .*Allow dynamodb:DescribeTable/m],
])('%s is not waited for: the import begins nothing, and says what to mend', async (_, reply, advice) => {
  const { settings, dynamodb } = await start(
    () => success({}),
    () => reply,
  )
  const path = writeRows()

  const { code, stdout, stderr } = await runBulk('import', [path], settings)

  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toMatch(advice)
  expect(stderr).toContain('Run the same command again to continue')
  expect(dynamodb.calls().some(({ operation }) => operation === 'UpdateItem')).toBe(false)
  expect(existsSync(`${path}.checkpoint.json`)).toBe(false)
})

test('a table with another key is none of ours, and nothing is begun', async () => {
  const { settings } = await start(() => success({}))

  const { code, stderr } = await runBulk('import', [writeRows(), '--table-type', 'account_id'], {
    ...settings,
    TABLE_NAME_ACCOUNT_ID: 'users',
  })

  expect(code).toBe(2)
  expect(stderr).toContain(
    'table users has the key (bright_uid HASH, category RANGE), expected (account_id HASH, category RANGE)',
  )
  expect(stderr).not.toMatch(STACK_LINE)
})

test('a row that fails behind which thousands are settled ends the import', async () => {
  const { settings, dynamodb } = await start(() => refusal('InternalServerError', 'it is down', 500))
  const path = writeRows(1)
  writeFileSync(path, `${readFileSync(path, 'utf8')}${'no row\n'.repeat(6000)}`)
  const importing = startBulk('import', [path], settings)
  while (dynamodb.calls().length < 6) await delay(5)
  importing.kill('SIGINT')

  expect((await importing.exited).code).toBe(2)
  expect(importing.stdout()).toMatch(/^ +0 {2}rows$/m)
})

test('what DynamoDB alone refuses is rejected with its reason, and the rest is written', async () => {
  const { settings } = await start(({ body }) =>
    JSON.stringify(body.Key).includes('"u7"') ? refusal('ValidationException', 'the seventh is odd') : success({}),
  )
  const path = writeRows(10)

  const { code, stdout } = await runBulk('import', [path], settings)

  expect(code).toBe(1)
  expect(stdout).toMatch(/^ +9 {2}written$/m)
  const [reject] = readFileSync(`${path}.rejects`, 'utf8').trim().split('\n')
  expect(JSON.parse(reject ?? '')).toEqual({
    line: 8,
    reason: 'DynamoDB refuses it: the seventh is odd',
    row: '{"identifier":"u7","category":"c"}',
  })
})

test('a dry run asks the store nothing, and leaves no checkpoint', async () => {
  const { settings, dynamodb } = await start(() => success({}))
  const path = writeRows(20)
  writeFileSync(path, `${readFileSync(path, 'utf8')}no row\n`)

  const { code, stdout } = await runBulk('import', [path, '--dry-run'], settings)

  expect(code).toBe(1)
  expect(stdout).toMatch(/^ +20 {2}valid {2}\(a dry run: nothing was written\)$/m)
  expect(dynamodb.calls()).toEqual([])
  expect(existsSync(`${path}.checkpoint.json`)).toBe(false)
  expect(readFileSync(`${path}.dry-run.rejects`, 'utf8')).toMatch(/^\{"line":21,"reason":"is not JSON/)
})

test.each([
  ['nothing of what it found', success({ Count: 1 })],
  ['a key that leads nowhere', success({ Items: [], Count: 0, ScannedCount: 0, LastEvaluatedKey: { other: { S: 'x' } } })],
  ['an item of another table', success({ Items: [{ account_id: { S: 'a' }, category: { S: 'c' } }] })],
  ['a missing permission', refusal('AccessDeniedException', 'User is not authorized')],
])('an export that is answered with %s is no short one: it fails', async (_, reply) => {
  let calls = 0
  const { settings } = await start(() => {
    calls += 1
    // What is waited out would be for a minute.
    return calls > 12 ? refusal('AccessDeniedException', 'User is not authorized') : reply
  })

  const { code, stdout, stderr } = await runBulk('export', [], settings)

  expect(code).toBe(2)
  expect(stdout).toBe('')
  expect(stderr).toContain('The export is incomplete: ')
})
