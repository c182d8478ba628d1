import { createApiKey, parseApiKeys } from '../../src/api-keys.ts'

export type KeyHolders = ReturnType<typeof createKeyHolders>

/** A client that may read, one that may write, and the configuration that knows them both. */
export function createKeyHolders() {
  const reader = createApiKey('model-scoring', 'read')
  const writer = createApiKey('nightly-job', 'write')
  const { keys } = parseApiKeys(`${reader.entry},${writer.entry}`)
  return {
    apiKeys: keys,
    readKey: reader.key,
    writeKey: writer.key,
    /** What must be in no log line and in no reply: keys and their hashes. */
    secrets: [reader.key, writer.key, hashIn(reader.entry), hashIn(writer.entry)],
  }
}

/** The hash of an entry of API_KEYS. */
export function hashIn(entry: string): string {
  const [, , hash = ''] = entry.split(':')
  return hash
}

/** The header of RFC 6750. */
export function bearer(key: string): { authorization: string } {
  return { authorization: `Bearer ${key}` }
}
