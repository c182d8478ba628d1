import {
  CreateTableCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  ResourceInUseException,
  ResourceNotFoundException,
  type TableDescription,
  UpdateTimeToLiveCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb'
import { TABLE_TYPES, type TableType } from '../features/feature-record.ts'

/** The name of each of the two tables. */
export type TableNames = Readonly<Record<TableType, string>>

/** What became of one table: see ensureTables. */
export type TableOutcome = {
  tableName: string
  table: 'created' | 'exists'
  ttl: 'enabled' | 'already enabled' | 'not supported'
}

const CREATION_TIMEOUT_SECONDS = 60

/**
 * Creates the tables that are missing (billed per request) and switches DynamoDB's TTL on for `expires_at`, on those that
 * exist too, where the store knows TTL. Nothing else of a table that exists is touched.
 * @throws Error when a table of that name has another key, or does not become active within 60 s.
 */
export async function ensureTables(client: DynamoDBClient, tableNames: TableNames): Promise<TableOutcome[]> {
  const outcomes: TableOutcome[] = []
  for (const tableType of TABLE_TYPES) {
    const tableName = tableNames[tableType]
    const table = await ensureTable(client, tableName, tableType)
    outcomes.push({ tableName, table, ttl: await ensureTtl(client, tableName) })
  }
  return outcomes
}

/**
 * Asks the store for one table; returns what it says of it.
 * @throws the SDK's error when it cannot be reached or is not there; Error when its key is not ours or it is not active.
 */
export async function checkTable(
  client: DynamoDBClient,
  tableName: string,
  tableType: TableType,
  signal?: AbortSignal,
): Promise<TableDescription> {
  const options = signal ? { abortSignal: signal } : {}
  const { Table: table } = await client.send(new DescribeTableCommand({ TableName: tableName }), options)
  checkKeySchema(table, tableName, tableType)
  const status = table?.TableStatus
  if (!table || (status !== 'ACTIVE' && status !== 'UPDATING'))
    throw new Error(`table ${tableName} is ${status ?? 'in an unknown state'}`)
  return table
}

async function ensureTable(client: DynamoDBClient, tableName: string, tableType: TableType): Promise<'created' | 'exists'> {
  const outcome = await createTable(client, tableName, tableType)
  await waitUntilTableExists(
    { client, maxWaitTime: CREATION_TIMEOUT_SECONDS, minDelay: 1, maxDelay: 2 },
    { TableName: tableName },
  )
  await checkTable(client, tableName, tableType)
  return outcome
}

async function createTable(client: DynamoDBClient, tableName: string, tableType: TableType): Promise<'created' | 'exists'> {
  if (await tableExists(client, tableName)) return 'exists'
  try {
    await client.send(
      new CreateTableCommand({
        TableName: tableName,
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: keySchema(tableType).map(([AttributeName, KeyType]) => ({ AttributeName, KeyType })),
        AttributeDefinitions: keySchema(tableType).map(([AttributeName]) => ({ AttributeName, AttributeType: 'S' as const })),
      }),
    )
    return 'created'
  } catch (error) {
    if (error instanceof ResourceInUseException) return 'exists' // another process was faster
    throw error
  }
}

async function tableExists(client: DynamoDBClient, tableName: string): Promise<boolean> {
  try {
    await client.send(new DescribeTableCommand({ TableName: tableName }))
    return true
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return false
    throw error
  }
}

function keySchema(tableType: TableType) {
  return [
    [tableType, 'HASH'],
    ['category', 'RANGE'],
  ] as const
}

function checkKeySchema(table: TableDescription | undefined, tableName: string, tableType: TableType): void {
  const expected = keySchema(tableType)
    .map((key) => key.join(' '))
    .join(', ')
  const actual = (table?.KeySchema ?? []).map((key) => `${key.AttributeName} ${key.KeyType}`).join(', ')
  if (actual !== expected) throw new Error(`table ${tableName} has the key (${actual}), expected (${expected})`)
}

async function ensureTtl(client: DynamoDBClient, tableName: string): Promise<TableOutcome['ttl']> {
  try {
    const TimeToLiveSpecification = { AttributeName: 'expires_at', Enabled: true }
    await client.send(new UpdateTimeToLiveCommand({ TableName: tableName, TimeToLiveSpecification }))
    return 'enabled'
  } catch (error) {
    if (!(error instanceof Error)) throw error
    // Asked to enable what is enabled, DynamoDB refuses and says so only in words.
    if (/already enabled/i.test(error.message)) return 'already enabled'
    if (error.name === 'UnknownOperationException') return 'not supported'
    throw error
  }
}
