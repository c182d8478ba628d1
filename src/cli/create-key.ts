import { createApiKey } from '../api-keys.ts'

const USAGE = 'npm run key -- NAME SCOPE    for example: npm run key -- scoring read'

/** `npm run key -- NAME SCOPE`: prints a new key, which is kept nowhere, and its line for API_KEYS. */
function createKey(name: string | undefined, scope: string | undefined, rest: readonly string[]): void {
  if (name === undefined || scope === undefined || rest.length > 0)
    throw new RangeError('needed: a name (who it is for) and a scope (read or write)')
  const { key, entry } = createApiKey(name, scope)
  console.log(`key, for the client, shown only now:  ${key}`)
  console.log(`its line, to be added to API_KEYS:    ${entry}`)
}

try {
  const [name, scope, ...rest] = process.argv.slice(2)
  createKey(name, scope, rest)
} catch (error) {
  if (!(error instanceof RangeError)) throw error
  console.error(`${error.message}\n${USAGE}`)
  process.exit(1)
}
