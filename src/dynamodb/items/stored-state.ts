import { StoreError } from '../../errors.ts'
import { TABLE_TYPES } from '../../features/feature-record.ts'
import type { Attribute, Item } from './attribute.ts'

/** Which delete left it, and what that noted of what it found. */
export type Tombstone = { id: string; buried: Attribute | undefined }

const OWN_ATTRIBUTES = new Set<string>([
  ...TABLE_TYPES,
  ...['category', 'features', 'created_at', 'version', 'expires_at', 'event_time', 'deleted', 'buried'],
])

/** What of a stored item decides who may read it and how it is written over. */
export type StoredState = {
  /** False where there is no item at all. */
  exists: boolean
  /** Milliseconds since the epoch; undefined where another writer left it out. */
  version: number | undefined
  /** Seconds since the epoch; undefined where it does not expire. */
  expiresAtSeconds: number | undefined
  /** Milliseconds since the epoch, in decimal; undefined where no writer gave one. */
  eventTimeMs: string | undefined
  /** What a delete left in the item's place; undefined: it is no tombstone. */
  tombstone: Tombstone | undefined
  /** Whether the maps that a merge goes into are there; another writer may have put something else in their place. */
  hasFeatures: boolean
  hasData: boolean
  hasMetadata: boolean
  foreignNames: readonly string[]
}

/** Names of attributes that another program put beside ours. */
export function foreignNames(item: Item): string[] {
  return Object.keys(item).filter((name) => !OWN_ATTRIBUTES.has(name))
}

/** Reads the state off an item, or off none. */
export function stateOf(item: Item | undefined): StoredState {
  const features = item?.features?.M
  return {
    exists: item !== undefined,
    version: versionOf(item),
    expiresAtSeconds: expiryOf(item),
    eventTimeMs: numberOf(item?.event_time),
    tombstone: item && isTombstone(item) ? { id: item.deleted?.S ?? '', buried: item.buried } : undefined,
    hasFeatures: features !== undefined,
    hasData: features?.data?.M !== undefined,
    hasMetadata: features?.metadata?.M !== undefined,
    foreignNames: item ? foreignNames(item) : [],
  }
}

/** When an item expires, in seconds since the epoch. What is no number is no expiry, as for DynamoDB's TTL. */
export function expiryOf(item: Item | undefined): number | undefined {
  const text = numberOf(item?.expires_at)
  return text === undefined ? undefined : Number(text)
}

function numberOf(attribute: Attribute | undefined): string | undefined {
  const text = attribute?.N
  return text === undefined || Number.isNaN(Number(text)) ? undefined : text
}

/** Whether an item is there for readers at a time: neither a tombstone nor expired. */
export function isLive(item: Item, nowMs: number): boolean {
  return !isTombstone(item) && !isExpired(expiryOf(item), nowMs)
}

/** What a delete leaves. Another writer's item may have an attribute of the name beside its features. */
export function isTombstone({ deleted, features }: Item): boolean {
  return deleted !== undefined && features === undefined
}

/** From the second that an item's expiry names, it is missing. */
export function isExpired(expiresAtSeconds: number | undefined, nowMs: number): boolean {
  return expiresAtSeconds !== undefined && expiresAtSeconds <= toSeconds(nowMs)
}

/** Whole seconds since the epoch. */
export function toSeconds(ms: number): number {
  return Math.floor(ms / 1000)
}

function versionOf(item: Item | undefined): number | undefined {
  const version = item?.version
  if (version === undefined || version === null) return undefined
  const ms = Number(version.N)
  // The next one must be a time, too.
  if (!Number.isNaN(new Date(ms + 1).getTime())) return ms
  throw new StoreError('STORE_UNAVAILABLE', 'The store has an item that cannot be written over.', {
    advice: 'Another program has set the attribute `version` of an item to what is no time in milliseconds: remove it.',
  })
}
