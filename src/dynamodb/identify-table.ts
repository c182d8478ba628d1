import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { StoreError } from '../errors.ts'
import type { TableType } from '../features/feature-record.ts'
import { toStoreError } from './calls/store-errors.ts'
import { StoreOpenError } from './store-open-error.ts'
import { checkTable } from './tables.ts'

/**
 * Makes sure that a table is there and ours; returns what tells it from every other table, one of the same name that is made
 * later included.
 * @throws StoreError when the store does not answer or the table is missing; StoreOpenError when it has another key.
 */
export async function identifyTable(client: DynamoDBClient, tableName: string, tableType: TableType): Promise<string> {
  try {
    const { TableArn: arn, TableId: id, CreationDateTime: createdAt } = await checkTable(client, tableName, tableType)
    // An Alternator tells the time of the call as that of the creation, but has ids.
    return JSON.stringify([arn, id ?? createdAt])
  } catch (error) {
    const fault = toStoreError(error, { operation: 'DescribeTable', tableName })
    throw fault instanceof StoreError ? fault : new StoreOpenError(fault.message, { cause: fault })
  }
}
