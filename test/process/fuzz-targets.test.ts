import { METHODS } from 'node:http'
import { expect, test } from 'vitest'
import { BODY } from '../support/bad-http.ts'
import { expectAnswers, type FuzzCase } from '../support/fuzz-cases.ts'
import { requestText } from '../support/raw-client.ts'

const LIVE = '/health/live'
const READ = '/api/v1/get/item/known/cat'

const asked = (method: string, target: string) => `${method} ${target} HTTP/1.1\r\nhost: x\r\n\r\n`
const asking = (method: string, statuses: readonly number[], targets: readonly string[]): FuzzCase[] =>
  targets.map((target) => [`${method} ${target.slice(0, 60)}`, asked(method, target), statuses])
const refused = (cases: readonly (readonly [string, string])[]): FuzzCase[] =>
  cases.map(([why, bytes]) => [why, bytes, [400], 'ends'])

const methodsBut = (...known: string[]) => METHODS.filter((method) => !['CONNECT', ...known].includes(method))
const OTHER_METHODS = methodsBut('GET', 'HEAD')

const NO_METHODS = [
  'GETT',
  'get',
  'Get',
  'G',
  '',
  ' ',
  'PRI',
  'RUN',
  '__proto__',
  'constructor',
  'GET\0',
  'GÉT',
  'X'.repeat(10_000),
]

test('every method and version has an answer, and one that is none ends the connection', () =>
  expectAnswers(
    [
      ...OTHER_METHODS.flatMap((method) => asking(method, [405], [LIVE, READ])),
      ...OTHER_METHODS.flatMap((method) => asking(method, [404], ['/', '/__proto__'])),
      ...methodsBut('POST').flatMap((method) => asking(method, [405], ['/api/v1/items', '/api/v1/get/items'])),
      ...methodsBut('PATCH', 'DELETE').flatMap((method) => asking(method, [405], ['/api/v1/items/nobody/cat'])),
      ...methodsBut('POST', 'DELETE').flatMap((method) => asking(method, [405], ['/api/v1/items/nobody'])),
      ...methodsBut('GET', 'HEAD', 'POST').flatMap((method) => asking(method, [405], ['/api/v1/get/item/nobody'])),
      ...asking('HEAD', [200], [LIVE, READ, '/api/v1/get/item/known', '/openapi.json']),
      ...asking('HEAD', [404], ['/nothing', '/api/v1/get/item/nobody/cat', '/api/v1/get/item/nobody']),
      ...asking('DELETE', [200], ['/api/v1/items/nobody/cat', '/api/v1/items/nobody']),
      ...refused(NO_METHODS.map((method) => [JSON.stringify(method.slice(0, 40)), asked(method, LIVE)])),
      ...['HTTP/1.2', 'HTTP/3', 'HTTP/1.', 'HTTP/1.10', 'HTTP/11', 'http/1.1', 'HTTP 1.1', 'ICE/1.0', 'HTTP/-1.1'].map(
        (version): FuzzCase => [version, `GET ${LIVE} ${version}\r\nhost: x\r\n\r\n`, [400], 'ends'],
      ),
      ['HTTP/1.0', `GET ${LIVE} HTTP/1.0\r\n\r\n`, [200], 'ends'],
      ['HTTP/1.0 that goes on', `GET ${LIVE} HTTP/1.0\r\nconnection: keep-alive\r\n\r\n`, [200]],
      // Taken by Node's parser for what they are not; the answer is of 1.1 all the same.
      ['HTTP/0.9', `GET ${LIVE} HTTP/0.9\r\nhost: x\r\n\r\n`, [200], 'ends'],
      ['HTTP/2.0', `GET ${LIVE} HTTP/2.0\r\nhost: x\r\n\r\n`, [200], 'ends'],
      ['no version', `GET ${LIVE}\r\nhost: x\r\n\r\n`, [200], 'ends'],
      ['RTSP', `DESCRIBE ${LIVE} RTSP/1.0\r\n\r\n`, [400], 'ends'],
      ['no host', `GET ${LIVE} HTTP/1.1\r\n\r\n`, [400]],
    ],
    async (target) => {
      // Node closes it by itself.
      expect(await target.sendAndLeave(asked('CONNECT', 'x:443'), 'end')).toEqual([])
    },
  ))

test('targets of every form have an answer of their own', () =>
  expectAnswers([
    ...asking(
      'GET',
      [200],
      [`http://x${LIVE}`, `https://user:secret@x:1${LIVE}`, `HTTP://[::1]${LIVE}?a=b`, `http://${'x'.repeat(9000)}${LIVE}`],
    ),
    ...asking('GET', [200], [`http://y${READ}`, `${READ}?`, `${READ}?table_type=bright_uid&&&`]),
    ...asking(
      'GET',
      [404],
      ['http://x', 'http://x/', 'http://x?a', `ftp://x${LIVE}`, `//x${LIVE}`, `///${LIVE}`, `${LIVE}/`, `/.${LIVE}`],
    ),
    ...asking('GET', [302], ['/docs/static/index.html']),
    ...asking('GET', [404], [`/x/..${LIVE}`, '/health/%6cive/', '/HEALTH/LIVE', '/health/live%00', '/health%2flive']),
    ...asking('GET', [404], ['/docs/nothing', '/docs/static/__proto__']),
    ...asking(
      'GET',
      [400],
      ['../../package.json', '%2e%2e/%2e%2e/package.json', '..%5c..%5cpackage.json', '%00'].map((way) => `/docs/static/${way}`),
    ),
    ...asking('OPTIONS', [404], ['*', '*?a']),
    ...asking('GET', [404], ['*']),
    ...refused([
      ['no target', 'GET HTTP/1.1\r\nhost: x\r\n\r\n'],
      ['two targets', asked('GET', `${LIVE} ${LIVE}`)],
      ['a host alone', asked('GET', 'x:443')],
      ['a word', asked('GET', 'health/live')],
      ['a scheme alone', asked('GET', 'http:')],
      ['a tab', asked('GET', '/a\tb')],
      ['a byte beyond ASCII', asked('GET', '/\xff')],
      ['a null', asked('GET', '/\0')],
    ]),
  ]))

// RFC 9112, sections 3.2 and 3.2.1: what stands before a hash would be another entity, and of two hosts one would be wrong.
test('two hosts are refused, and so is a target with a hash in it, which must not be cut short', () =>
  expectAnswers([
    ['two hosts', `GET ${LIVE} HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n`, [400]],
    ['a write', requestText('POST', '/api/v1/items/user#1', {}, BODY), [400]],
    ['a read', asked('GET', `${READ}#1`), [400]],
    ['a hash in a query', asked('GET', `${READ}?table_type=bright_uid#1`), [400]],
  ]))
