import { expect, test } from 'vitest'
import { openConnection, requestText } from '../support/raw-client.ts'
import { startWatchedApp } from '../support/watched-app.ts'

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736'
const PARENT_ID = '00f067aa0ba902b7'

/** The line of a request with this header; several values are as many headers. */
async function lineWith(...values: string[]) {
  const app = await startWatchedApp((bare) => bare.get('/', async () => 'done'))
  const client = await openConnection(app.port)
  const headers = values.map((value) => `traceparent: ${value}\r\n`).join('')
  client.send(requestText('GET', '/', { connection: 'close' }).replace('\r\n', `\r\n${headers}`))
  await client.received(/200 OK/)
  const [line] = await app.finalRequests()
  return line
}

test.for(['00', '01'])('a traceparent whose flags are %s is in the line as it came', async (flags) => {
  const traceparent = `00-${TRACE_ID}-${PARENT_ID}-${flags}`

  expect(await lineWith(traceparent)).toMatchObject({ traceparent })
})

// W3C Trace Context, section 3.2.2: version ff and ids of nothing but zeros are invalid, and hex digits are lower case.
test.for([
  ['no traceparent at all', 'hello'],
  ['an upper-case one', `00-${TRACE_ID.toUpperCase()}-${PARENT_ID}-01`],
  ['a trace id too short', `00-${TRACE_ID.slice(1)}-${PARENT_ID}-01`],
  ['a parent id too long', `00-${TRACE_ID}-${PARENT_ID}0-01`],
  ['no flags', `00-${TRACE_ID}-${PARENT_ID}`],
  ['more after the flags', `00-${TRACE_ID}-${PARENT_ID}-01-personal-data`],
  ['a trace id of zeros', `00-${'0'.repeat(32)}-${PARENT_ID}-01`],
  ['a parent id of zeros', `00-${TRACE_ID}-${'0'.repeat(16)}-01`],
  ['the version ff', `ff-${TRACE_ID}-${PARENT_ID}-01`],
  ['10 KB', '0'.repeat(10_000)],
  ['nothing', ''],
] as const)('%s is left out', async ([, value]) => {
  const line = await lineWith(value)

  expect(line).toMatchObject({ status: 200 })
  expect(line).not.toHaveProperty('traceparent')
})

test('of two that differ, neither is taken', async () => {
  const line = await lineWith(`00-${TRACE_ID}-${PARENT_ID}-00`, `00-${TRACE_ID}-${PARENT_ID}-01`)

  expect(line).toMatchObject({ status: 200 })
  expect(line).not.toHaveProperty('traceparent')
})
