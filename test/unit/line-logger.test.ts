import fc from 'fast-check'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { describeError } from '../../src/log/describe-error.ts'
import { createLineLogger, type LineLogger } from '../../src/log/line-logger.ts'

const LEVELS = ['debug', 'info', 'warn', 'error'] as const
const BINDINGS = { name: 'service' }
const time = () => ',"time":"2025-10-07T07:46:26.943Z"'

/** What pino and the line logger write for the same calls, line by line. */
function bothOf(level: string, log: (logger: LineLogger) => void) {
  const ofPino: string[] = []
  const ofLines: string[] = []
  const options = {
    level,
    base: BINDINGS,
    timestamp: time,
    serializers: { err: describeError },
    formatters: { level: (label: string) => ({ level: label }) },
  }
  const logger = pino(options, { write: (line: string) => ofPino.push(line) })
  const write = (line: string) => ofLines.push(line)
  log(logger)
  log(createLineLogger({ isLevelEnabled: (asked) => logger.isLevelEnabled(asked), write, time, bindings: BINDINGS }))
  return { ofPino, ofLines }
}

test('a line is to the letter what pino would write', () => {
  const value = fc.oneof(fc.string({ unit: 'binary' }), fc.double(), fc.boolean(), fc.constant(null), fc.constant(undefined))
  const fields = fc.dictionary(fc.stringMatching(/^[a-z_]{1,12}$/), value, { maxKeys: 8, noNullPrototype: true })

  fc.assert(
    fc.property(fields, fields, fc.string(), (bound, own, message) => {
      const distinct = Object.fromEntries(Object.entries(own).filter(([name]) => !(name in bound)))
      const { ofPino, ofLines } = bothOf('info', (logger) => logger.child(bound).info(distinct, message))

      expect(ofLines).toEqual(ofPino)
    }),
  )
})

test.for([...LEVELS, 'silent'])('at level %s it keeps silent where pino does', (level) => {
  const { ofPino, ofLines } = bothOf(level, (logger) => {
    for (const own of LEVELS) logger[own]({ own }, 'said')
  })

  expect(ofLines).toEqual(ofPino)
})

test('an error is described as pino would have it, with its stack', () => {
  const err = new Error('no answer', { cause: new Error('ECONNREFUSED') })

  const { ofPino, ofLines } = bothOf('info', (logger) => logger.error({ request_id: 'id', err }, 'request completed'))

  expect(ofLines).toEqual(ofPino)
  expect(ofLines[0]).toContain('caused by: Error: ECONNREFUSED')
})
