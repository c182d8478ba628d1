import { expect, test } from 'vitest'
import { BODY, POST_HEAD } from '../support/bad-http.ts'
import { expectAnswers } from '../support/fuzz-cases.ts'
import { startFuzzTarget } from '../support/fuzz-target.ts'
import { requestText } from '../support/raw-client.ts'

const SIZED = `${POST_HEAD}content-length: ${BODY.length}\r\n\r\n${BODY}`
const CHUNKED = `${POST_HEAD}transfer-encoding: chunked\r\n\r\n5;a=b\r\n${BODY.slice(0, 5)}\r\na\r\n${BODY.slice(5)}\r\n0\r\nx: y\r\n\r\n`
const AT_ONCE = 32

async function inTurns<Item>(items: readonly Item[], act: (item: Item) => Promise<string[]>): Promise<string[]> {
  const faults: string[] = []
  for (let at = 0; at < items.length; at += AT_ONCE)
    faults.push(...(await Promise.all(items.slice(at, at + AT_ONCE).map(act))).flat())
  return faults
}

// Their heads are all but the same.
const SIZED_HEAD_BYTES = SIZED.length - BODY.length
const CUTS = [...prefixes(CHUNKED), ...prefixes(SIZED).slice(SIZED_HEAD_BYTES - 40)]

function prefixes(text: string): string[] {
  return Array.from(text, (_, length) => text.slice(0, length))
}

test('clients that leave after any byte of a write, in any way, harm nobody', async () => {
  const target = await startFuzzTarget()
  const leaves = (['end', 'hang up', 'reset'] as const).flatMap((ending) => CUTS.map((prefix) => ({ ending, prefix })))

  const faults = await inTurns(leaves, ({ ending, prefix }) => target.sendAndLeave(prefix, ending))

  expect(faults).toEqual([])
  await target.expectUnharmed()
})

test('whatever follows a write that was cut at any byte, the connection ends or what is answered is true', async () => {
  const target = await startFuzzTarget()

  const faults = await inTurns(CUTS, async (prefix) =>
    (await target.send(prefix)).faults.map((fault) => `${JSON.stringify(prefix)}: ${fault}`),
  )

  expect(faults).toEqual([])
  await target.expectUnharmed()
})

test('pipelined requests are answered one by one, in their order, up to the first that cannot be read', () => {
  const write = requestText('POST', '/api/v1/items/victim', {}, BODY)
  const read = requestText('GET', '/health/live')
  const none = requestText('GET', '/nothing')
  // In all, fewer than the service takes at once.
  const mixed = Array.from({ length: 20 }, () => write + none + read)
  const cutShort = requestText('POST', '/api/v1/items/victim', { 'content-length': String(BODY.length - 2) }, BODY)
  return expectAnswers([
    ['60 reads', read.repeat(60), Array.from({ length: 60 }, () => 200)],
    ['writes, reads and mistakes', mixed.join(''), mixed.flatMap(() => [200, 404, 200])],
    ['mistakes with bodies', requestText('POST', '/nothing', {}, BODY).repeat(20), Array.from({ length: 20 }, () => 404)],
    ['garbage behind 20 writes', `${write.repeat(20)}HELLO\r\n\r\n`, [...Array.from({ length: 20 }, () => 200), 400], 'ends'],
    ['a body that is longer than it says', write + cutShort + write, [200, 400], 'ends'],
    ['empty lines between', `\r\n\r\n${read}\r\n\r\n${read}`, [200, 200]],
    ['a wish to close', requestText('GET', '/health/live', { connection: 'close' }) + read, [200], 'ends'],
    ['reads of an earlier version', `GET /health/live HTTP/1.0\r\n\r\n${read}`, [200], 'ends'],
  ])
})
