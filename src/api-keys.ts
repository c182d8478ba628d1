import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** What a key may do; `write` includes `read`. */
const KEY_SCOPES = ['read', 'write'] as const
export type KeyScope = (typeof KEY_SCOPES)[number]

/** A key as the service knows it: by its hash alone. Two of one name are one client's, while it changes from one to the other. */
export type ApiKey = { readonly name: string; readonly scope: KeyScope; readonly sha256: Buffer }

// 256 bits: nobody finds one by trying, so that a hash without a salt, which is fast, is enough.
const KEY_BYTES = 32
const KEY = /^fs_[\w-]{43}$/
const NAME = /^[A-Za-z0-9._-]{1,64}$/
const BAD_NAME = 'the name must be 1 to 64 of A-Z, a-z, 0-9, . _ -, and no key or hash'
const BAD_SCOPE = `the scope must be ${KEY_SCOPES.join(' or ')}`
const SHA256_HEX = /^[0-9a-f]{64}$/i

/**
 * Reads a list of `name:scope:sha256-of-key`, joined by commas or white space.
 * @returns the keys, or a sentence about each fault, which quotes no hash.
 */
export function parseApiKeys(text: string): { keys: ApiKey[]; faults: string[] } {
  const entries = text.split(/[\s,]+/).filter((entry) => entry !== '')
  const parsed = entries.map((entry, index) => parseEntry(entry, `entry ${index + 1}`))
  const keys = parsed.filter((entry) => typeof entry !== 'string')
  const hashes = keys.map(({ sha256 }) => sha256.toString('hex'))
  const repeated = keys.filter((_, index) => hashes.indexOf(hashes[index] ?? '') !== index)
  const faults = [
    ...(entries.length === 0 ? ['has no entry'] : []),
    ...parsed.filter((entry) => typeof entry === 'string'),
    ...repeated.map(({ name }) => `${name} has the key of another entry`),
  ]
  return { keys, faults }
}

function parseEntry(entry: string, position: string): ApiKey | string {
  const [name = '', scope, hash = '', ...rest] = entry.split(':')
  if (rest.length > 0 || scope === undefined) return `${position} must be name:scope:sha256-of-key`
  if (!isName(name)) return `${position}: ${BAD_NAME}`
  if (!isScope(scope)) return `${position} (${name}): ${BAD_SCOPE}`
  if (!SHA256_HEX.test(hash)) return `${position} (${name}): the SHA-256 of the key must be 64 hexadecimal digits`
  return { name, scope, sha256: Buffer.from(hash, 'hex') }
}

/** A key or a hash in the name's place would be told in messages and logs. */
function isName(text: string): boolean {
  return NAME.test(text) && !SHA256_HEX.test(text) && !KEY.test(text)
}

function isScope(text: string): text is KeyScope {
  return (KEY_SCOPES as readonly string[]).includes(text)
}

/** Whether a key of the scope `held` may do what asks for the scope `asked`. */
export function includesScope(held: KeyScope, asked: KeyScope): boolean {
  return held === 'write' || held === asked
}

/**
 * Finds the key that a client presents. What is compared are hashes, each with all of them, so that the time it takes tells
 * neither how much of a key is right nor whose it is.
 */
export function createKeyring(keys: readonly ApiKey[]) {
  return (presented: string): ApiKey | undefined => {
    const sha256 = hashOf(presented)
    let found: ApiKey | undefined
    for (const key of keys) if (timingSafeEqual(key.sha256, sha256)) found = key
    return found
  }
}

/**
 * Makes a new key: the key itself, for the client alone, and its entry for API_KEYS.
 * @throws RangeError for a name or a scope that no entry can have.
 */
export function createApiKey(name: string, scope: string): { key: string; entry: string } {
  if (!isName(name)) throw new RangeError(BAD_NAME)
  if (!isScope(scope)) throw new RangeError(BAD_SCOPE)
  const key = `fs_${randomBytes(KEY_BYTES).toString('base64url')}`
  return { key, entry: `${name}:${scope}:${hashOf(key).toString('hex')}` }
}

/** Of the bytes that a header had, each of which Node shows as one character. */
function hashOf(key: string): Buffer {
  return createHash('sha256').update(key, 'latin1').digest()
}
