import { join } from 'node:path'
import { PROJECT_ROOT, startChild } from './child-process.ts'
import { temporaryFolder } from './temporary-folder.ts'
import type { TestService } from './test-service.ts'

/** Starts `src/cli/import.ts` or `src/cli/export.ts` in a folder without .env files. */
export function startBulk(command: 'import' | 'export', args: readonly string[], env: Record<string, string>) {
  const script = join(PROJECT_ROOT, `src/cli/${command}.ts`)
  return startChild({ command: process.execPath, args: [script, ...args], cwd: temporaryFolder(), env })
}

/** Runs one of them to its end. */
export async function runBulk(command: 'import' | 'export', args: readonly string[], env: Record<string, string>) {
  const child = startBulk(command, args, env)
  const { code } = await child.exited
  return { code, stdout: child.stdout(), stderr: child.stderr() }
}

/** The settings by which a command reaches a test service's tables. */
export async function settingsOf({
  store,
  tableNames,
}: Pick<TestService, 'store' | 'tableNames'>): Promise<Record<string, string>> {
  const endpoint = await store.client.config.endpoint?.()
  if (!endpoint) throw new Error('the store has no endpoint of its own')
  return {
    DYNAMODB_ENDPOINT: `http://${endpoint.hostname}:${endpoint.port}`,
    TABLE_NAME_BRIGHT_UID: tableNames.bright_uid,
    TABLE_NAME_ACCOUNT_ID: tableNames.account_id,
  }
}
