import { expect, test } from 'vitest'
import { BODY } from '../support/bad-http.ts'
import { type FuzzTarget, startFuzzTarget } from '../support/fuzz-target.ts'
import { HOSTILE_TEXTS } from '../support/hostile-texts.ts'
import { ODD_ESCAPES } from '../support/percent-encodings.ts'
import { PROTOTYPE_NAMES } from '../support/prototype-names.ts'
import { requestText } from '../support/raw-client.ts'

const WRITE = '/api/v1/items/parameters'
const PAGE = '/api/v1/get/item/known'
// Behind one another on each of the connections.
const AT_ONCE = 16

/** Numbers and times that are none, or beyond what there may be. */
const ODD_NUMBERS = [
  ...['', '0', '-1', '+1', '1.5', '1e3', '0x10', ' 1', '1 ', '00', '1_000', '٣', 'NaN', 'Infinity', '-0', '1,5', '9'.repeat(400)],
  ...['9007199254740993', '18446744073709551616', '253402300800000', '99999999999999999999'],
]
const ODD_TIMES = [
  ...['2025-02-30T00:00:00Z', '2025-10-07T07:46:26', '2025-10-07', '+275760-09-13T00:00:00Z', '10000-01-01T00:00:00Z'],
  ...['0000-01-01T00:00:00+23:59', '9999-12-31T23:59:59-23:59', '2025-10-07T24:00:00Z', '2025-10-07T07:46:60Z', 'now', 'T', 'Z'],
  `2025-10-07T07:46:26.${'1'.repeat(1000)}Z`,
]

const HOSTILE_NAMES = Object.values(HOSTILE_TEXTS).map((text) => text.slice(0, 1000).toWellFormed())
const TEXTS = [...HOSTILE_NAMES, ...PROTOTYPE_NAMES, ...ODD_NUMBERS, ...ODD_TIMES]

/** Each as it stands in a URL, and the text it is taken from: escapes that are odd are short texts, whatever they mean. */
const VALUES = [
  ...ODD_ESCAPES.map((odd) => ({ sent: odd, text: odd })),
  ...TEXTS.map((text) => ({ sent: encodeURIComponent(text), text })),
]

type Value = (typeof VALUES)[number]

const isName = (text: string) => text !== '' && [...text].length <= 256
const isEpoch = (text: string) => text === '0' || text === '00'
const isNone = () => false

const PARAMETERS = [
  ...['source', 'compute_id'].map((name) => ({ name, method: 'POST', path: WRITE, body: BODY, isTaken: isName })),
  { name: 'event_time', method: 'POST', path: WRITE, body: BODY, isTaken: isEpoch },
  { name: 'ttl', method: 'POST', path: WRITE, body: BODY, isTaken: isNone },
  ...['limit', 'cursor', 'consistent'].map((name) => ({ name, method: 'GET', path: PAGE, body: '', isTaken: isNone })),
]

type Parameter = (typeof PARAMETERS)[number]

/** What is wrong with the answers to a parameter's values, each of which is taken, or refused for what it is. */
async function faultsOf(target: FuzzTarget, { name, method, path, body, isTaken }: Parameter, values: readonly Value[]) {
  const requests = values.map(({ sent }) => requestText(method, `${path}?${name}=${sent}`, {}, body))
  const { faults, replies } = await target.send(requests.join(''), { whole: true })
  const astray = values.flatMap(({ sent, text }, index) => {
    const { status = 0, body: answer = '' } = replies[index] ?? {}
    const isRight = isTaken(text) ? status === 200 : status === 422 && pathsIn(answer).join() === name
    return isRight ? [] : [`${name}=${sent.slice(0, 80)}: ${status} ${answer.slice(0, 200)}`]
  })
  return [...faults, ...astray]
}

function pathsIn(body: string): string[] {
  const { errors } = JSON.parse(Buffer.from(body, 'latin1').toString()) as { errors: { path: string }[] }
  return errors.map(({ path }) => path)
}

test('whatever a parameter is given, it is taken for what it says, or the request is refused for it', async () => {
  const target = await startFuzzTarget()
  const faults: string[] = []

  for (let at = 0; at < VALUES.length; at += AT_ONCE) {
    const values = VALUES.slice(at, at + AT_ONCE)
    faults.push(...(await Promise.all(PARAMETERS.map((parameter) => faultsOf(target, parameter, values)))).flat())
  }

  expect(faults).toEqual([])
  await target.expectUnharmed()
})
