import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { createClient } from './client.ts'
import { openEmbeddedStore } from './embedded-store.ts'
import { StoreOpenError } from './store-open-error.ts'
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
  /** What was opened, for a person. */
  description: string
  /** What was done to the tables; empty where they were left alone. */
  tables: readonly TableOutcome[]
  close: () => Promise<void>
}

/**
 * Opens the store that the options name: a client for it, its tables where they are to be created.
 * @throws StoreOpenError when the embedded store cannot be opened, no region is known, or tables cannot be created.
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
    await requireRegion(client)
    const tables = options.createTables || embedded ? await ensureTables(client, options.tableNames) : []
    const description = embedded ? `embedded (${options.dataDir}) at ${embedded.endpoint}` : withoutUser(options.endpoint)
    return { client, tableNames: options.tableNames, description, tables, close }
  } catch (error) {
    await close()
    if (error instanceof StoreOpenError) throw error
    throw new StoreOpenError(`The tables at ${withoutUser(options.endpoint)} could not be prepared: ${describe(error)}`, {
      cause: error,
    })
  }
}

/** An endpoint for a person to read: what a URL has before its host may be a password. */
function withoutUser(endpoint: string): string {
  return endpoint.replace(/\/\/[^/]*@/, '//')
}

/** The SDK looks for a region at the first call only, too late to say that none is set. */
async function requireRegion(client: DynamoDBClient): Promise<void> {
  try {
    await client.config.region()
  } catch (error) {
    throw new StoreOpenError("No AWS region is known. Set AWS_REGION, or a region in the AWS SDK's profile.", { cause: error })
  }
}

/** An error's message; a failed connection's is empty and only its code tells. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.message || ('code' in error ? String(error.code) : error.name)
}
