import { type Environment, loadConfig } from '../../config.ts'
import { IN_MEMORY } from '../../dynamodb/embedded-store.ts'
import { openStore, type Store } from '../../dynamodb/store.ts'
import { StoreOpenError } from '../../dynamodb/store-open-error.ts'

/**
 * Opens the store that the configuration names, for a command that has time.
 * @param attemptTimeoutMs milliseconds of one attempt of one call.
 * @throws ConfigError; StoreOpenError as openStore, and where the store would be gone with the command.
 */
export async function openBulkStore(env: Environment, attemptTimeoutMs: number): Promise<Store> {
  const { store } = loadConfig(env, process.cwd(), 'tables')
  if (store.endpoint === 'embedded' && store.dataDir === IN_MEMORY) {
    throw new StoreOpenError(
      'An embedded store in memory is empty, and gone with this command. ' +
        'Set EMBEDDED_DATA_DIR to a folder, or DYNAMODB_ENDPOINT to the address that the log of a running service gives.',
    )
  }
  return openStore({ ...store, attemptTimeoutMs })
}
