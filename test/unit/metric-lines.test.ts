import { describe, expect, test } from 'vitest'
import { parseDatagram, parseMetricLine } from '../support/metric-lines.ts'

describe('the grammar of a line takes', () => {
  test.for([
    ['dogstatsd', 'a.b:1|c', { name: 'a.b', tags: {}, value: 1, type: 'c', rate: 1 }],
    [
      'dogstatsd',
      'a:0.5|ms|@0.1|#t:x,u_v:/y/{z}',
      { name: 'a', tags: { t: 'x', u_v: '/y/{z}' }, value: 0.5, type: 'ms', rate: 0.1 },
    ],
    ['telegraf', 'a.b:1|g', { name: 'a.b', tags: {}, value: 1, type: 'g', rate: 1 }],
    ['telegraf', 'a,t=x,u_v=/y/{z}:12|h|@0.02', { name: 'a', tags: { t: 'x', u_v: '/y/{z}' }, value: 12, type: 'h', rate: 0.02 }],
  ] as const)('%s: %s', ([format, line, parsed]) => {
    expect(parseMetricLine(line, format)).toEqual(parsed)
  })
})

describe('the grammar of a line refuses', () => {
  test.for([
    ...['', 'a', 'a:1', 'a:|c', 'a:x|c', 'a:NaN|g', 'a:Infinity|ms', 'a:1e21|c', 'a:-1|g', 'a:+1|g', 'a:1|s', 'a:1|d'],
    ...['a b:1|c', '.a:1|c', 'a.:1|c', 'a..b:1|c', 'a-b:1|c', 'a:1|c ', 'a:1|c\n', 'a:1|c\r', 'a:1:2|c', 'a:1|c|T1'],
    ...['a:1|c|@0', 'a:1|c|@2', 'a:1|c|@x', 'a:1|c|c:abc', '_e{1,1}:a|b', '_sc|a|0'],
  ])('%j in both formats', (line) => {
    expect(() => parseMetricLine(line, 'dogstatsd')).toThrow('no line')
    expect(() => parseMetricLine(line, 'telegraf')).toThrow('no line')
  })

  test.for([
    ...['a:1|c|#', 'a:1|c|#t', 'a:1|c|#t:', 'a:1|c|#:x', 'a:1|c|#t:x,', 'a:1|c|#t:x,,u:y', 'a:1|c|#T:x', 'a:1|c|#t:x|@0.5'],
    ...['a:1|c|#t:x y', 'a:1|c|#t:x\u00a0y', 'a:1|c|#t:x\u200dy', 'a:1|c|#t:x\0', 'a:1|c|#t:x=y', 'a:1|c|#t:x:y'],
    ...['a:1|c|#t:x#y', 'a:1|c|#t:x\\', 'a:1|c|#t:x|#u:y', 'a:1|c|#t:x\nb:1|c', 'a:1|c|#t:\ud800', 'a,t=x:1|c'],
  ])('%j in DogStatsD', (line) => {
    expect(() => parseMetricLine(line, 'dogstatsd')).toThrow('no line')
  })

  test.for([
    ...['a,:1|c', 'a,t:1|c', 'a,t=:1|c', 'a,=x:1|c', 'a,t=x,:1|c', 'a,T=x:1|c', 'a,t=x y:1|c', 'a,t=x\u2028:1|c', 'a,t=x=y:1|c'],
    ...['a,t=x|y:1|c', 'a,t=x:1|c:1|c', 'a,t=x\\:1|c', 'a,t=x#y:1|c', 'a,t=x\nb:1|c', 'a:1|c|#t:x', 'a:1|c,t=x'],
  ])('%j in Telegraf', (line) => {
    expect(() => parseMetricLine(line, 'telegraf')).toThrow('no line')
  })

  test('a tag that comes twice', () => {
    expect(() => parseMetricLine('a:1|c|#t:x,t:y', 'dogstatsd')).toThrow('twice')
    expect(() => parseMetricLine('a,t=x,t=y:1|c', 'telegraf')).toThrow('twice')
  })

  test('an empty line between two, and what is not UTF-8', () => {
    expect(() => parseDatagram(Buffer.from('a:1|c\n\nb:1|c'), 'dogstatsd')).toThrow('no line')
    expect(() => parseDatagram(Buffer.from([0x61, 0x3a, 0x31, 0x7c, 0x63, 0xff]), 'dogstatsd')).toThrow()
  })
})
