import type { IncomingHttpHeaders } from 'node:http'
import { success } from './dynamodb-replies.ts'
import type { Item } from './test-service.ts'

/** What the store behind a stand-in said to one call. */
export type StoreReply = { status: number; text: string }

/** Decides by its category, and its place in the call, whether a key of a BatchGetItem is answered. */
export type ChooseKey = (category: string, index: number) => boolean

type AskedTable = { Keys: Item[] }
type BatchReply = { Responses: Record<string, Item[]>; UnprocessedKeys?: Record<string, AskedTable> }

// What DynamoDB's protocol needs of a request's headers.
const FORWARDED = ['authorization', 'content-type', 'x-amz-date', 'x-amz-target']

/** Sends a call on to the endpoint behind, which applies it, whatever has become of the client since. */
export async function forward(behind: string | undefined, from: IncomingHttpHeaders, body: string): Promise<StoreReply> {
  if (behind === undefined) throw new Error('There is no endpoint behind the stand-in to pass a call to.')
  const headers = Object.fromEntries(FORWARDED.map((name) => [name, String(from[name])]))
  const reply = await fetch(behind, { method: 'POST', headers, body })
  return { status: reply.status, text: await reply.text() }
}

/**
 * A BatchGetItem of which only the chosen keys are answered, truly; the others come back as UnprocessedKeys. A refusal of
 * the store behind is the answer as it is.
 */
export async function answerPart(
  body: string,
  chosen: ChooseKey,
  ask: (body: string) => Promise<StoreReply>,
): Promise<StoreReply> {
  const { RequestItems: tables, ...rest } = JSON.parse(body) as { RequestItems: Record<string, AskedTable> }
  const isChosen = chooseOnce(tables, chosen)
  const answered = partOf(tables, isChosen)
  const left = partOf(tables, (key) => !isChosen(key))
  const none: BatchReply = { Responses: Object.fromEntries(Object.keys(tables).map((table) => [table, []])) }
  const reply = Object.keys(answered).length > 0 ? await ask(JSON.stringify({ ...rest, RequestItems: answered })) : success(none)
  if (reply.status !== 200) return reply
  const { Responses, UnprocessedKeys } = JSON.parse(reply.text) as BatchReply
  return success({ Responses: { ...none.Responses, ...Responses }, UnprocessedKeys: joined(left, UnprocessedKeys) })
}

/** Each key is decided on once, as a choice may be random. */
function chooseOnce(tables: Record<string, AskedTable>, chosen: ChooseKey): (key: Item) => boolean {
  const keys = Object.values(tables).flatMap(({ Keys }) => Keys)
  const answered = new Set(keys.filter((key, index) => chosen(key.category?.S ?? '', index)))
  return (key) => answered.has(key)
}

function partOf(tables: Record<string, AskedTable>, belongs: (key: Item) => boolean): Record<string, AskedTable> {
  const parts = Object.entries(tables).map(([table, asked]) => [table, { ...asked, Keys: asked.Keys.filter(belongs) }] as const)
  return Object.fromEntries(parts.filter(([, { Keys }]) => Keys.length > 0))
}

/** What was left out here, and what the store behind left out itself. */
function joined(left: Record<string, AskedTable>, own: Record<string, AskedTable> = {}): Record<string, AskedTable> {
  const tables = Object.keys({ ...left, ...own })
  return Object.fromEntries(
    tables.map((table) => [table, { ...own[table], Keys: [...(left[table]?.Keys ?? []), ...(own[table]?.Keys ?? [])] }]),
  )
}
