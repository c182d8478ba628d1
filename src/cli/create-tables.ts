import { ConfigError, loadConfig } from '../config.ts'
import { openStore } from '../dynamodb/store.ts'
import { StoreOpenError } from '../dynamodb/store-open-error.ts'

/** `npm run tables:create`: creates the two tables that the configuration names, and says what it did. */
async function createTables(): Promise<void> {
  const { store: options } = loadConfig(process.env, process.cwd(), 'tables')
  const store = await openStore({ ...options, createTables: true })
  console.log(`store: ${store.description}`)
  for (const { tableName, table, ttl } of store.tables) console.log(`${tableName}: ${table}; TTL on expires_at: ${ttl}`)
  await store.close()
}

try {
  await createTables()
} catch (error) {
  const known = error instanceof ConfigError || error instanceof StoreOpenError
  console.error(known ? error.message : error)
  process.exit(1)
}
