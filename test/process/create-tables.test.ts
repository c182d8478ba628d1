import { randomUUID } from 'node:crypto'
import { CreateTableCommand, DescribeTimeToLiveCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findDynamoDBLocal } from '../support/dynamodb-local.ts'
import { runCli, STACK_LINE } from '../support/service-process.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const createTables = (env: Record<string, string>) => runCli('create-tables.ts', env)

describe('tables:create on the embedded store', () => {
  test('creates both tables and says so; a second run says that they exist', async () => {
    const env = { DYNAMODB_ENDPOINT: 'embedded', EMBEDDED_DATA_DIR: temporaryFolder() }

    const first = await createTables(env)
    const second = await createTables(env)

    expect(first).toMatchObject({ code: 0, stderr: '' })
    expect(first.stdout).toMatch(/^features_bright_uid: created\b.*not supported$/m)
    expect(first.stdout).toMatch(/^features_account_id: created\b.*not supported$/m)
    expect(second).toMatchObject({ code: 0, stderr: '' })
    expect(second.stdout).toMatch(/^features_bright_uid: exists\b.*not supported$/m)
    expect(second.stdout).toMatch(/^features_account_id: exists\b.*not supported$/m)
  })

  test('takes the names from the configuration', async () => {
    const { stdout } = await createTables({
      DYNAMODB_ENDPOINT: 'embedded',
      EMBEDDED_DATA_DIR: 'memory',
      TABLE_NAME_BRIGHT_UID: 'my-users',
      TABLE_NAME_ACCOUNT_ID: 'my-accounts',
    })

    expect(stdout).toMatch(/^my-users: created\b/m)
    expect(stdout).toMatch(/^my-accounts: created\b/m)
  })
})

describe('tables:create that cannot succeed', () => {
  test('exits 1 and names every bad variable, without a stack', async () => {
    const { code, stderr } = await createTables({ TABLE_NAME_BRIGHT_UID: 'a b', DYNAMODB_ENDPOINT: 'dynamo' })

    expect(code).toBe(1)
    expect(stderr).toMatch(/^ *TABLE_NAME_BRIGHT_UID: /m)
    expect(stderr).toMatch(/^ *DYNAMODB_ENDPOINT: /m)
    expect(stderr).not.toMatch(STACK_LINE)
  })

  test('exits 1 with the address in one sentence when nothing answers there', async () => {
    const { code, stderr } = await createTables({ DYNAMODB_ENDPOINT: 'http://127.0.0.1:1' })

    expect(code).toBe(1)
    expect(stderr).toMatch(/could not be \w+: .*127\.0\.0\.1:1\b/)
    expect(stderr).not.toMatch(STACK_LINE)
  })
})

const local = await findDynamoDBLocal()

if (local !== undefined || process.env.CI !== undefined) {
  describe('tables:create on DynamoDB Local', () => {
    let url: string
    let stop: () => Promise<void> = async () => {}

    beforeAll(async () => {
      if (!local) throw new Error('DynamoDB Local is required in CI: it needs Docker, Java 11 or later, or DYNAMODB_ENDPOINT.')
      ;({ url, stop } = await local.start())
    })

    afterAll(() => stop())

    /** The environment of a run with tables of its own, and their names. */
    function ownTables() {
      const names = { bright_uid: `users-${randomUUID()}`, account_id: `accounts-${randomUUID()}` }
      const env = {
        DYNAMODB_ENDPOINT: url,
        AWS_REGION: 'us-east-1',
        AWS_ACCESS_KEY_ID: 'local',
        AWS_SECRET_ACCESS_KEY: 'local',
        TABLE_NAME_BRIGHT_UID: names.bright_uid,
        TABLE_NAME_ACCOUNT_ID: names.account_id,
      }
      return { names, env }
    }

    async function withClient<Result>(use: (client: DynamoDBClient) => Promise<Result>): Promise<Result> {
      const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
      const client = new DynamoDBClient({ endpoint: url, region: 'us-east-1', credentials })
      try {
        return await use(client)
      } finally {
        client.destroy()
      }
    }

    test.each(['development', 'production'])(
      'creates both in %s with TTL on expires_at, and a second run changes nothing',
      async (ENVIRONMENT) => {
        const { names, env } = ownTables()

        const first = await createTables({ ...env, ENVIRONMENT })
        const second = await createTables({ ...env, ENVIRONMENT })

        expect(first).toMatchObject({ code: 0, stderr: '' })
        expect(second).toMatchObject({ code: 0, stderr: '' })
        for (const name of Object.values(names)) {
          expect(first.stdout).toMatch(new RegExp(`^${name}: created; TTL on expires_at: enabled$`, 'm'))
          expect(second.stdout).toMatch(new RegExp(`^${name}: exists; TTL on expires_at: already enabled$`, 'm'))
          const ttl = await withClient((client) => client.send(new DescribeTimeToLiveCommand({ TableName: name })))
          expect(ttl.TimeToLiveDescription).toMatchObject({ AttributeName: 'expires_at', TimeToLiveStatus: 'ENABLED' })
        }
      },
    )

    test('a table of that name with another key is refused with a clear message and left as it is', async () => {
      const { names, env } = ownTables()
      await withClient((client) =>
        client.send(
          new CreateTableCommand({
            TableName: names.bright_uid,
            BillingMode: 'PAY_PER_REQUEST',
            KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
            AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
          }),
        ),
      )

      const { code, stderr } = await createTables(env)

      expect(code).toBe(1)
      expect(stderr).toContain(`table ${names.bright_uid} has the key (id HASH), expected (bright_uid HASH, category RANGE)`)
      expect(stderr).not.toMatch(STACK_LINE)
      const ttl = await withClient((client) => client.send(new DescribeTimeToLiveCommand({ TableName: names.bright_uid })))
      expect(ttl.TimeToLiveDescription?.TimeToLiveStatus).toBe('DISABLED')
    })
  })
}
