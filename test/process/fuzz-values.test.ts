import { test } from 'vitest'
import { expectAnswers, type FuzzCase } from '../support/fuzz-cases.ts'
import { requestText } from '../support/raw-client.ts'

const MANY = 100_000
const DIGITS = '1234567890'.repeat(MANY / 10)

const write = (body: string) => requestText('POST', '/api/v1/items/huge', {}, body)
const filter = (body: string) => requestText('POST', '/api/v1/get/item/known', {}, body)

test('numbers of 10^5 digits are refused, unless they are short ones written at length', () =>
  expectAnswers([
    ...[DIGITS, `-${DIGITS}`, `0.${DIGITS}`, `${DIGITS}e5`, `1e${DIGITS}`, `1e-${DIGITS}`, `0.${'0'.repeat(MANY)}1`].flatMap(
      (number): FuzzCase[] => [
        [`${number.slice(0, 10)}…`, write(`{"cat":{"f":${number}}}`), [422]],
        [`${number.slice(0, 10)}… to read`, filter(`{"cat":[${number}]}`), [422]],
        [`${number.slice(0, 10)}… for a category`, write(`{"cat":${number}}`), [422]],
        [`${number.slice(0, 10)}… for a body`, write(number), [422]],
      ],
    ),
    ...[
      `1.${'0'.repeat(MANY)}`,
      `0.${'0'.repeat(MANY)}`,
      `0e${DIGITS}`,
      `1${'0'.repeat(MANY)}e-${MANY}`,
      `1e-${'0'.repeat(MANY)}5`,
    ].map((number): FuzzCase => [`${number.slice(0, 10)}…`, write(`{"cat":{"f":${number}}}`), [200]]),
    ['10^4 numbers of 400 digits', write(`{"cat":{"f":[${Array(10_000).fill(DIGITS.slice(0, 400)).join()}]}}`), [422]],
    ...['1.', '.1', '+1', '01', '1e', '1e+', '--1', '0x1', '1_000', 'Infinity', '-', '1.e1'].map(
      (number): FuzzCase => [number, write(`{"cat":{"f":${number}}}`), [400], 'ends'],
    ),
  ]))

test('strings of every escape are kept, refused or no JSON', () => {
  const units = Array.from({ length: 0x10000 }, (_, unit) => `\\u${unit.toString(16).padStart(4, '0')}`)
  const withoutSurrogates = units.filter((_, unit) => unit < 0xd800 || unit > 0xdfff)
  const wrong = [
    '\\',
    '\\x41',
    '\\u',
    '\\u12',
    '\\uzzzz',
    '\\u{41}',
    '\\8',
    "\\'",
    '\\U0041',
    '\n',
    '\0',
    '\t',
    '\x1f',
    '\xff',
    '\xed\xa0\x80',
  ]
  return expectAnswers([
    ['every short escape', write('{"cat":{"f":"\\"\\\\\\/\\b\\f\\n\\r\\t"}}'), [200]],
    ['40,000 units in a value', write(`{"cat":{"f":"${withoutSurrogates.slice(0, 40_000).join('')}"}}`), [200]],
    [
      '10,000 units as names',
      write(
        `{"cat":{${withoutSurrogates
          .slice(0, 10_000)
          .map((unit) => `"${unit}":1`)
          .join()}}}`,
      ),
      [200],
    ],
    ['every unit, surrogates included', write(`{"cat":{"f":"${units.join('')}"}}`), [422]],
    ['a pair of surrogates', write('{"cat":{"f":"\\ud83e\\udd8a"}}'), [200]],
    ['half a pair', write('{"cat":{"f":"\\ud83e"}}'), [422]],
    ['a pair the wrong way round', write('{"cat":{"f":"\\udd8a\\ud83e"}}'), [422]],
    ['half a pair in a name to read', filter('{"cat":["\\ud83e"]}'), [200]],
    ['10^5 backslashes', write(`{"cat":{"${'\\\\'.repeat(1000)}":"${'\\\\'.repeat(100_000)}"}}`), [200]],
    ['10^5 quotes', write(`{"cat":{"f":"${'\\"'.repeat(MANY)}"}}`), [200]],
    ['a name of 10^5 bytes', write(`{"cat":{"${'n'.repeat(MANY)}":1}}`), [422]],
    ['a category of 10^5 bytes', write(`{"${'n'.repeat(MANY)}":{}}`), [422]],
    ...wrong.map((text): FuzzCase => [JSON.stringify(text), write(`{"cat":{"f":"${text}"}}`), [400], 'ends']),
  ])
})
