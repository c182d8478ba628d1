import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openEmbeddedStore } from '../../src/dynamodb/embedded-store.ts'
import { PROJECT_ROOT, startChild } from '../support/child-process.ts'
import { opsPath } from '../support/ops-files.ts'
import { get, postJson, send } from '../support/post-json.ts'
import { passEverything, startScriptedDynamoDB } from '../support/scripted-dynamodb.ts'
import { startService } from '../support/service-process.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

/** The actions that a policy allows, by its statements' names. */
function allowedBy(file: string): Record<string, Set<string>> {
  type Statement = { Sid: string; Effect: string; Action: string[] }
  const policy = JSON.parse(readFileSync(opsPath('aws', file), 'utf8')) as { Statement: Statement[] }
  const entries = policy.Statement.filter(({ Effect }) => Effect === 'Allow').map(({ Sid, Action }) => [Sid, new Set(Action)])
  return Object.fromEntries(entries)
}

/** A store of its own for a test, and what it is asked for. */
async function startWatchedDynamoDB() {
  const embedded = await openEmbeddedStore('memory')
  const dynamodb = await startScriptedDynamoDB(passEverything, embedded.endpoint)
  onTestFinished(async () => {
    await dynamodb.close()
    await embedded.close()
  })
  return {
    env: { DYNAMODB_ENDPOINT: dynamodb.url, DYNAMODB_CREATE_TABLES: 'false', AWS_REGION: 'us-east-1' },
    /** The actions since the last time. */
    actions() {
      const actions = new Set(dynamodb.operations().map((operation) => `dynamodb:${operation}`))
      dynamodb.use(passEverything)
      return actions
    },
  }
}

/** Runs one of src/cli/ to its end. */
async function run(command: string, args: string[], env: Record<string, string>) {
  const path = join(PROJECT_ROOT, 'src/cli', command)
  const child = startChild({ command: process.execPath, args: [path, ...args], cwd: temporaryFolder(), env })
  const { code } = await child.exited
  return { code, stdout: child.stdout() }
}

test('npm run tables:create does all that its policy allows, and nothing else', async () => {
  const { env, actions } = await startWatchedDynamoDB()

  expect(await run('create-tables.ts', [], env)).toMatchObject({ code: 0 })

  expect({ TablesCreate: actions() }).toEqual(allowedBy('policy-tables.json'))
})

test('the service does all that its policy allows, and nothing else', async () => {
  const { env, actions } = await startWatchedDynamoDB()
  await run('create-tables.ts', [], env)
  actions()

  const { url } = await startService({ ...env, STATSD_HOST: 'off' })
  await postJson(`${url}/api/v1/items/user?event_time=2000`, { a: { x: 1 }, b: { x: 1 } })
  await postJson(`${url}/api/v1/items/user?event_time=1000`, { a: { x: 1 } })
  await send('PATCH', `${url}/api/v1/items/user/a`, { x: 2 })
  await get(`${url}/api/v1/get/item/user/a`)
  await get(`${url}/api/v1/get/item/user`)
  await postJson(`${url}/api/v1/get/item/user`, { a: [], b: [] })
  await postJson(`${url}/api/v1/get/items`, { identifiers: ['user'], categories: { a: [], b: [] } })
  await send('DELETE', `${url}/api/v1/items/user/a`)
  await send('DELETE', `${url}/api/v1/items/user`)

  expect({ Service: actions() }).toEqual(allowedBy('policy-service.json'))
})

test('an import and an export do all that their policy allows, and nothing else', async () => {
  const { env, actions } = await startWatchedDynamoDB()
  await run('create-tables.ts', [], env)
  actions()
  const file = join(temporaryFolder(), 'rows.ndjson')
  const row = { identifier: 'user', category: 'a', features: { x: 1 } }

  // The second is stale: the embedded store does not tell what it has, so that it is asked.
  for (const event_time of [2000, 1000]) {
    writeFileSync(file, `${JSON.stringify({ ...row, event_time })}\n`)
    expect(await run('import.ts', [file], env)).toMatchObject({ code: 0 })
  }
  const Import = actions()
  const exported = await run('export.ts', [], env)
  expect(exported).toMatchObject({ code: 0, stdout: expect.stringContaining('"x":1') })

  expect({ Import, Export: actions() }).toEqual(allowedBy('policy-import-export.json'))
})
