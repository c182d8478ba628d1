import { onTestFinished, vi } from 'vitest'
import type { TableType } from '../../src/features/feature-record.ts'
import { isConsistent, keysAskedOf } from './query-replies.ts'
import { type Call, passEverything, type Script, type ScriptedDynamoDB } from './scripted-dynamodb.ts'
import type { TestService } from './test-service.ts'

/** How a category is read. */
export type ReadKind = { tableType?: TableType; consistent?: boolean }

type Reply = Awaited<ReturnType<TestService['request']>>

const CROWD = 'crowd'
/** More than the calls under way from which on reads wait for one of them to end. */
export const CROWD_SIZE = 12

export const EVERY_KIND: ReadKind[] = [
  { tableType: 'bright_uid', consistent: false },
  { tableType: 'bright_uid', consistent: true },
  { tableType: 'account_id', consistent: false },
  { tableType: 'account_id', consistent: true },
]

/** Reads one category; reads of one kind that are begun in one turn, and have to wait, wait together. */
export async function readOne(service: TestService, identifier: string, category: string, kind: ReadKind = {}): Promise<Reply> {
  return service.request('GET', pathOf(identifier, category, kind))
}

/** Reads categories of an entity, each by a request of its own, all begun at once. */
export function readAtOnce(service: TestService, identifier: string, categories: readonly string[], kind: ReadKind = {}) {
  return Promise.all(categories.map((category) => readOne(service, identifier, category, kind)))
}

/**
 * Reads as a client that hangs up when told to.
 * @returns `hangUp`, which resolves when the service has noticed it.
 */
export function readUntilHangUp(
  service: TestService,
  identifier: string,
  category: string,
  kind: ReadKind = {},
): () => Promise<void> {
  const controller = new AbortController()
  const url = pathOf(identifier, category, kind)
  const ended = service.app.inject({ method: 'GET', url, signal: controller.signal }).then(
    () => {},
    () => {},
  )
  return async function hangUp(): Promise<void> {
    controller.abort()
    await ended
  }
}

function pathOf(identifier: string, category: string, { tableType = 'bright_uid', consistent = false }: ReadKind): string {
  const path = `/api/v1/get/item/${encodeURIComponent(identifier)}/${encodeURIComponent(category)}`
  return `${path}?table_type=${tableType}&consistent=${consistent}`
}

/** The keys that a GetItem or BatchGetItem asks for, as `identifier/category`. */
export function keysOf(call: Call): string[] {
  const { Key: key } = call.body
  return key === undefined ? keysAskedOf(call) : [`${(key.bright_uid ?? key.account_id)?.S}/${key.category?.S}`]
}

function isOfCrowd(call: Call): boolean {
  return keysOf(call).some((key) => key.startsWith(`${CROWD}/`))
}

/** A script by which the crowd's calls stay at the store. */
export function besideCrowd(script: Script = passEverything): Script {
  return (call) => (isOfCrowd(call) ? 'hold' : script(call))
}

/** The calls that are not the crowd's. */
export function callsBesideCrowd(dynamodb: ScriptedDynamoDB): Call[] {
  return dynamodb.calls().filter((call) => !isOfCrowd(call))
}

/** What kind each of those is. */
export function operationsBesideCrowd(dynamodb: ScriptedDynamoDB): string[] {
  return callsBesideCrowd(dynamodb).map(({ operation }) => operation)
}

/** Names for so many categories. */
export function categories(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `category-${index}`)
}

/** The calls that are held back and not the crowd's, as soon as there are so many. */
export async function heldBesideCrowd(dynamodb: ScriptedDynamoDB, count = 1) {
  const held = () => dynamodb.held().filter(({ call }) => !isOfCrowd(call))
  while (held().length < count) await dynamodb.holding(dynamodb.held().length + 1)
  return held()
}

/**
 * Has a crowd of reads of one kind wait at the store, which answers all others by the script; further reads of the kind then
 * wait for each other. The function that it returns has one of the crowd's calls answered; with the test's end all are.
 */
export async function gatherCrowd(
  { service, dynamodb }: { service: TestService; dynamodb: ScriptedDynamoDB },
  script: Script = passEverything,
  kind: ReadKind = {},
  crowdSize = CROWD_SIZE,
): Promise<() => Promise<void>> {
  const { tableType = 'bright_uid', consistent = false } = kind
  const ofCrowd = () => dynamodb.held().filter(({ call }) => isOfCrowd(call) && isOfKind(call))

  function isOfKind(call: Call): boolean {
    const key = call.body.Key ?? Object.values(call.body.RequestItems ?? {})[0]?.Keys[0] ?? {}
    return tableType in key && isConsistent(call) === consistent
  }

  dynamodb.use(besideCrowd(script))
  const reads: Promise<Reply>[] = []
  for (let size = 1; size <= crowdSize; size += 1) {
    // One by one, as those that come together would share a call.
    reads.push(readOne(service, CROWD, `cat-${size}`, kind))
    while (ofCrowd().length < size) await dynamodb.holding(dynamodb.held().length + 1)
  }
  onTestFinished(async () => {
    for (const { release } of ofCrowd()) await release()
    await Promise.all(reads)
    for (const { call, drop } of dynamodb.held()) if (!isOfCrowd(call)) drop()
  })
  return async function answerOne(): Promise<void> {
    await ofCrowd()[0]?.release()
  }
}

/** Resolves when all has happened that can happen without time passing. */
export function withoutTime(): Promise<void> {
  return new Promise((resolve) => setImmediate(() => setImmediate(resolve)))
}

/**
 * Stops the clock: what waits for a time waits until it is let pass. Replies come and go as ever. What has begun before has
 * times of another clock: nobody may look at them.
 */
export function stopTimers(): { pass: (ms: number) => void } {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  onTestFinished(() => {
    vi.useRealTimers()
  })
  return { pass: (ms) => vi.advanceTimersByTime(ms) }
}
