import { readFileSync } from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import { parse } from 'yaml'
import { createClient } from '../../src/dynamodb/client.ts'
import { openEmbeddedStore } from '../../src/dynamodb/embedded-store.ts'
import { ensureTables } from '../../src/dynamodb/tables.ts'
import { opsPath } from '../support/ops-files.ts'
import { passEverything, startScriptedDynamoDB } from '../support/scripted-dynamodb.ts'

type Properties = {
  TableName: { Ref: string }
  TimeToLiveSpecification: object
  PointInTimeRecoverySpecification: object
  DeletionProtectionEnabled: boolean
}
type Table = { Type: string; DeletionPolicy: string; UpdateReplacePolicy: string; Properties: Properties }
type Template = { Parameters: Record<string, { Default: string }>; Resources: Record<string, Table> }

const { Parameters, Resources } = parse(readFileSync(opsPath('aws/tables.yaml'), 'utf8')) as Template
const tables = Object.values(Resources)

/** What `npm run tables:create` sends to a DynamoDB that has no tables, by operation. */
async function sentByTablesCreate() {
  const embedded = await openEmbeddedStore('memory')
  const dynamodb = await startScriptedDynamoDB(passEverything, embedded.endpoint)
  const client = createClient({
    region: 'us-east-1',
    dummyCredentials: true,
    attemptTimeoutMs: 10_000,
    endpoint: dynamodb.url,
  })
  onTestFinished(async () => {
    client.destroy()
    await dynamodb.close()
    await embedded.close()
  })
  await ensureTables(client, { bright_uid: 'features_bright_uid', account_id: 'features_account_id' })
  return (operation: string) =>
    dynamodb
      .calls()
      .filter((call) => call.operation === operation)
      .map(({ body }) => body)
}

test('the template makes the tables that `npm run tables:create` makes, with TTL on the same attribute', async () => {
  const sent = await sentByTablesCreate()

  const made = tables.map(({ Properties: { TableName, ...properties } }) => ({
    TableName: Parameters[TableName.Ref]?.Default,
    ...properties,
  }))
  expect(made).toMatchObject(sent('CreateTable'))
  const ttl = made.map(({ TableName, TimeToLiveSpecification }) => ({ TableName, TimeToLiveSpecification }))
  expect(ttl).toEqual(sent('UpdateTimeToLive'))
  expect(ttl).toHaveLength(2)
})

test('the tables of the template can be brought back to a point in time, and outlive their stack', () => {
  const safety = {
    Type: 'AWS::DynamoDB::Table',
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
    Properties: {
      DeletionProtectionEnabled: true,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    },
  }

  expect(tables).toMatchObject([safety, safety])
})
