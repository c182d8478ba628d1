import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { createClient } from './client.ts'
import { openEmbeddedStore } from './embedded-store.ts'
import { ensureTables, type TableNames, type TableOutcome } from './tables.ts'

/** Where the tables are and how to reach them. */
export type StoreOptions = {
  /** `embedded`, a URL, or `aws`. */
  endpoint: string
  /** The embedded store's folder, or `memory`. */
  dataDir: string
  region: string | undefined
  dummyCredentials: boolean
  /** Milliseconds for one attempt of one call. */
  attemptTimeoutMs: number
  tableNames: TableNames
  /** Create missing tables on opening. The embedded store always has its tables. */
  createTables: boolean
}

export type Store = {
  client: DynamoDBClient
  tableNames: TableNames
  /** For a person: what was opened, and what was done to the tables. */
  description: string
  tables: readonly TableOutcome[]
  close: () => Promise<void>
}

/**
 * Opens the store that the options name: a client for it, its tables where they are to be created.
 * @throws EmbeddedStoreError, or the SDK's error when tables are to be created and cannot be.
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const embedded = options.endpoint === 'embedded' ? await openEmbeddedStore(options.dataDir) : undefined
  const client = createClient({
    region: options.region,
    dummyCredentials: options.dummyCredentials,
    attemptTimeoutMs: options.attemptTimeoutMs,
    endpoint: embedded?.endpoint ?? (options.endpoint === 'aws' ? undefined : options.endpoint),
  })

  async function close(): Promise<void> {
    client.destroy()
    await embedded?.close()
  }

  try {
    const tables = options.createTables || embedded ? await ensureTables(client, options.tableNames) : []
    const description = embedded ? `embedded (${options.dataDir}) at ${embedded.endpoint}` : options.endpoint
    return { client, tableNames: options.tableNames, description, tables, close }
  } catch (error) {
    await close()
    throw error
  }
}
