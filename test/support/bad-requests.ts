import type { ProblemCode } from '../../src/errors.ts'

export type BadRequest = {
  /** What is bad about it, for the test's name. */
  why: string
  method: 'GET' | 'POST'
  path: string
  /** Sent as it is, as application/json unless `contentType` says otherwise. */
  body?: string | Uint8Array
  contentType?: string
  status: number
  code: ProblemCode
  /** The exact detail, where the contract has one. */
  detail?: string
  /** Where the first of `errors` is, for VALIDATION_FAILED. */
  at?: string
}

/** The limit on bodies that the requests below expect: above the largest item, so that both limits can be met. */
export const BODY_LIMIT_BYTES = 500_000

const WRITE = '/api/v1/items/victim'
const FILTER = '/api/v1/get/item/victim'
const READ = '/api/v1/get/item/victim/cat'

type Refusal = Pick<BadRequest, 'status' | 'code' | 'detail'>
const MALFORMED: Refusal = { status: 400, code: 'MALFORMED_JSON' }
const INVALID: Refusal = { status: 422, code: 'VALIDATION_FAILED' }
const UNSUPPORTED: Refusal = { status: 415, code: 'UNSUPPORTED_MEDIA_TYPE' }
const BAD_TABLE: Refusal = { status: 400, code: 'INVALID_TABLE_TYPE' }
const BAD_URL: Refusal = { status: 400, code: 'MALFORMED_URL' }

const write = (why: string, body: string | Uint8Array, refusal: Refusal, at?: string): BadRequest[] => [
  { why: `write: ${why}`, method: 'POST', path: WRITE, body, ...refusal, ...(at === undefined ? {} : { at }) },
]
const filter = (why: string, body: string | Uint8Array, refusal: Refusal, at?: string): BadRequest[] => [
  { why: `read: ${why}`, method: 'POST', path: FILTER, body, ...refusal, ...(at === undefined ? {} : { at }) },
]
const both = (...[why, body, refusal, at]: Parameters<typeof write>): BadRequest[] => [
  ...write(why, body, refusal, at),
  ...filter(why, body, refusal, at),
]
const get = (why: string, path: string, refusal: Refusal, at?: string): BadRequest[] => [
  { why, method: 'GET', path, ...refusal, ...(at === undefined ? {} : { at }) },
]

const emptyBodies: BadRequest[] = ['', '{}', ' { }\n'].flatMap((body) => [
  ...write(`empty body ${JSON.stringify(body)}`, body, { status: 400, code: 'EMPTY_BODY', detail: 'Body cannot be empty' }),
  ...filter(`empty body ${JSON.stringify(body)}`, body, {
    status: 400,
    code: 'EMPTY_BODY',
    detail: 'Mapping body cannot be empty',
  }),
])

const malformedBodies: BadRequest[] = [
  ...both('an object that does not end', '{"cat":', MALFORMED),
  ...both('no value', '{"cat":}', MALFORMED),
  ...both('a trailing comma', '{"cat":{},}', MALFORMED),
  ...both('single quotes', "{'cat':{}}", MALFORMED),
  ...both('two documents', '{"cat":{}}{"cat":{}}', MALFORMED),
  ...both('only white space', ' \n', MALFORMED),
  ...both('a line break in a string', '{"c\nat":{}}', MALFORMED),
  ...both('bytes that are no UTF-8', Buffer.from('7b22ff223a7b7d7d', 'hex'), MALFORMED),
  ...both('an encoded surrogate', Buffer.from('7b22eda080223a7b7d7d', 'hex'), MALFORMED),
  ...both('UTF-16', Buffer.from('{"cat":{}}', 'utf16le'), MALFORMED),
  ...both('a thousand levels that do not end', '['.repeat(100_000), MALFORMED),
  ...write('a number with a leading zero', '{"cat":{"f":01}}', MALFORMED),
  ...write('NaN', '{"cat":{"f":NaN}}', MALFORMED),
]

const wrongRoots: BadRequest[] = ['null', 'true', '1', '1e400', '"cat"', '[]', '[{"cat":{}}]'].flatMap((body) =>
  both(`the body ${body}`, body, INVALID, '$'),
)

const longCategory = 'c'.repeat(1025)

const wrongMembers: BadRequest[] = [
  ...['null', 'true', '1', '1e400', '"f"'].flatMap((member) =>
    both(`the category ${member}`, `{"cat":${member}}`, INVALID, '$.cat'),
  ),
  ...write('features in an array', '{"cat":[{"f":1}]}', INVALID, '$.cat'),
  ...filter('features in an object', '{"cat":{"f":1}}', INVALID, '$.cat'),
  ...['1', 'null', '["f"]', '{"f":1}', '1e400'].flatMap((name) => filter(`the name ${name}`, `{"cat":["f",${name}]}`, INVALID)),
  ...write('one good category and one bad', '{"cat":{"f":9},"other":null}', INVALID, '$.other'),
  ...write('an empty category', '{"":{"f":1}}', INVALID, "$['']"),
  ...filter('an empty category', '{"":[]}', INVALID, "$['']"),
  ...write('a lone surrogate in a category', '{"\\ud800":{}}', INVALID),
  ...filter('a lone surrogate in a category', '{"\\ud800":[]}', INVALID),
  ...write('a category of 1,025 bytes', `{"${longCategory}":{}}`, INVALID),
  ...filter('a category of 1,025 bytes', `{"${longCategory}":[]}`, INVALID),
  ...write('a category of 1,026 bytes in 513 characters', `{"${'é'.repeat(513)}":{}}`, INVALID),
  ...write('the category __proto__', '{"cat":{"f":9},"__proto__":{"f":1}}', INVALID),
  ...write('the feature __proto__', '{"cat":{"f":9,"__proto__":{"g":1}}}', INVALID),
  ...write('__proto__ inside a feature', '{"cat":{"f":[{"__proto__":1}]}}', INVALID),
  ...write('an empty feature name', '{"cat":{"":1}}', INVALID),
  ...write('a lone surrogate in a value', '{"cat":{"f":["\\udfff"]}}', INVALID, '$.cat.f[0]'),
  ...write('a number of 39 digits', `{"cat":{"f":{"g":${'1'.repeat(39)}}}}`, INVALID, '$.cat.f.g'),
  ...write('a number that is too large', '{"cat":{"f":1e126}}', INVALID, '$.cat.f'),
  ...write('100,000 levels', `{"cat":{"f":${'['.repeat(100_000)}${']'.repeat(100_000)}}}`, INVALID),
]

const tooLarge: BadRequest[] = [
  ...both('a body over the limit', `{"cat":["${'x'.repeat(BODY_LIMIT_BYTES)}"]}`, { status: 413, code: 'BODY_TOO_LARGE' }),
  ...write('one small item and one too large', `{"small":{"f":9},"cat":{"f":"${'x'.repeat(410_000)}"}}`, {
    status: 413,
    code: 'ITEM_TOO_LARGE',
  }),
]

const tableTypes: BadRequest[] = [
  ...['', '=', '=users', '=BRIGHT_UID', '=bright_uid%20', '=bright_uid,account_id', '=%FF', '=constructor'],
  ...['=bright_uid&table_type=account_id', '=bright_uid&table_type=bright_uid'],
].flatMap((value) => [
  ...get(`GET ?table_type${value}`, `${READ}?table_type${value}`, BAD_TABLE),
  ...filter(`?table_type${value}`, '{"cat":[]}', BAD_TABLE).map((bad) => ({ ...bad, path: `${bad.path}?table_type${value}` })),
  ...write(`?table_type${value}`, '{"cat":{}}', BAD_TABLE).map((bad) => ({ ...bad, path: `${bad.path}?table_type${value}` })),
])

const longIdentifier = 'i'.repeat(2049)

const paths: BadRequest[] = [
  ...get('an empty identifier', '/api/v1/get/item//cat', INVALID, 'identifier'),
  ...get('an empty category in the path', '/api/v1/get/item/victim/', INVALID, 'category'),
  ...write('an empty identifier', '{"cat":{}}', INVALID, 'identifier').map((bad) => ({ ...bad, path: '/api/v1/items/' })),
  ...filter('an empty identifier', '{"cat":[]}', INVALID, 'identifier').map((bad) => ({ ...bad, path: '/api/v1/get/item/' })),
  ...get('an identifier of 2,049 bytes', `/api/v1/get/item/${longIdentifier}/cat`, INVALID, 'identifier'),
  ...get(
    'an identifier of 2,050 bytes in 1,025 characters',
    `/api/v1/get/item/${'%C3%A9'.repeat(1025)}/cat`,
    INVALID,
    'identifier',
  ),
  ...get('a category of 1,025 bytes in the path', `${FILTER}/${longCategory}`, INVALID, 'category'),
  ...write('an identifier of 2,049 bytes', '{"cat":{}}', INVALID).map((bad) => ({
    ...bad,
    path: `/api/v1/items/${longIdentifier}`,
  })),
  ...['%', '%zz', '%E0%A4%A', '%FF', '%ED%A0%80', '%C0%AF'].flatMap((bad) => [
    ...get(`the identifier ${bad}`, `/api/v1/get/item/${bad}/cat`, BAD_URL),
    ...get(`the category ${bad}`, `${FILTER}/${bad}`, BAD_URL),
    ...write(`the identifier ${bad}`, '{"cat":{}}', BAD_URL).map((request) => ({ ...request, path: `/api/v1/items/${bad}` })),
  ]),
]

const CONTENT_TYPES = ['text/plain', 'text/json', 'application/jsonx', 'application/json-patch+json', 'application/vnd.api+json']
const MORE_CONTENT_TYPES = [
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/json, text/plain',
  'json',
  '*/*',
  '',
]

const contentTypes: BadRequest[] = [...CONTENT_TYPES, ...MORE_CONTENT_TYPES].flatMap((contentType) => [
  ...write(`content-type ${JSON.stringify(contentType)}`, '{"cat":{"f":9}}', UNSUPPORTED).map((bad) => ({ ...bad, contentType })),
  ...filter(`content-type ${JSON.stringify(contentType)}`, '{"cat":[]}', UNSUPPORTED).map((bad) => ({ ...bad, contentType })),
])

/** Every kind of request that HTTP can carry and the API refuses. */
export const badRequests: readonly BadRequest[] = [
  ...emptyBodies,
  ...malformedBodies,
  ...wrongRoots,
  ...wrongMembers,
  ...tooLarge,
  ...tableTypes,
  ...paths,
  ...contentTypes,
]
