import fc from 'fast-check'

/** Changes a text in one way; positions are shares of its length, so that they fit any text. */
type Mutation = (text: string) => string

const share = fc.double({ min: 0, max: 1, noNaN: true })
const at = (text: string, position: number) => Math.floor(position * text.length)

/** What has a meaning somewhere in HTTP/1.1, or had in some parser. */
const TOKENS = [
  ...[
    '\0',
    '\r',
    '\n',
    '\r\n',
    '\r\n\r\n',
    '\n\n',
    '\t',
    ' ',
    ':',
    '%',
    '%00',
    '%ff',
    '\x80',
    '\xff',
    '?',
    '#',
    '/',
    '//',
    '*',
    ',',
  ],
  ...[
    '\r\n x',
    '\r\n\tx',
    'HTTP/1.0',
    'HTTP/1.1',
    'HTTP/2.0',
    ' HTTP/1.1\r\n',
    'GET ',
    'HEAD ',
    'POST ',
    'http://x',
    '__proto__',
  ],
  ...['content-length: 0\r\n', 'content-length: -1\r\n', 'content-length: 5\r\n', 'content-length: 99999999999999999999\r\n'],
  ...[
    'transfer-encoding: chunked\r\n',
    'transfer-encoding: identity\r\n',
    'transfer-encoding: x, chunked\r\n',
    '0\r\n\r\n',
    'ffff\r\n',
    ';a=b',
  ],
  ...[
    'connection: close\r\n',
    'connection: upgrade\r\nupgrade: websocket\r\n',
    'expect: 100-continue\r\n',
    'host: y\r\n',
    'x-request-id: a\r\n',
  ],
  ...['content-type: text/plain\r\n', 'content-encoding: br\r\n', '{"', '"}', '[', '{', '\\u0000', '\\', '1e999', ':"__proto__"'],
]

const flipBit = fc.tuple(share, fc.nat(7)).map(([position, bit]): Mutation => {
  return (text) => replaceAt(text, at(text, position), (code) => code ^ (1 << bit))
})

const setByte = fc.tuple(share, fc.nat(255)).map(([position, byte]): Mutation => {
  return (text) => replaceAt(text, at(text, position), () => byte)
})

const insert = fc.tuple(
  share,
  fc.oneof(
    fc.constantFrom(...TOKENS),
    fc.constantFrom(...TOKENS).map((token) => token.repeat(50)),
  ),
)
const insertToken = insert.map(([position, token]): Mutation => {
  return (text) => text.slice(0, at(text, position)) + token + text.slice(at(text, position))
})

const cutEnd = share.map(
  (position): Mutation =>
    (text) =>
      text.slice(0, at(text, position)),
)

const removeSlice = fc.tuple(share, share).map(([one, other]): Mutation => {
  return (text) => text.slice(0, at(text, Math.min(one, other))) + text.slice(at(text, Math.max(one, other)))
})

const repeatSlice = fc.tuple(share, share, fc.integer({ min: 2, max: 20 })).map(([one, other, times]): Mutation => {
  return (text) => {
    const [start, end] = [at(text, Math.min(one, other)), at(text, Math.max(one, other))]
    return text.slice(0, start) + text.slice(start, end).repeat(times) + text.slice(end)
  }
})

const moveLine = fc.tuple(share, share, fc.boolean()).map(([from, to, keep]): Mutation => {
  return (text) => {
    const lines = text.split('\r\n')
    const [line = ''] = lines.slice(Math.floor(from * (lines.length - 1)))
    const others = keep ? lines : lines.toSpliced(Math.floor(from * (lines.length - 1)), 1)
    return others.toSpliced(Math.floor(to * others.length), 0, line).join('\r\n')
  }
})

const changeEnds = fc.tuple(fc.constantFrom('\n', '\r', '\n\r', '\r\r\n', '\r\n ', '\0\r\n', ''), fc.option(fc.nat(12))).map(
  ([end, line]): Mutation =>
    (text) => {
      let count = -1
      return text.replace(/\r\n/g, (old) => {
        count += 1
        return line === null || line === count ? end : old
      })
    },
)

function replaceAt(text: string, index: number, change: (code: number) => number): string {
  if (index >= text.length) return text
  return text.slice(0, index) + String.fromCharCode(change(text.charCodeAt(index)) & 0xff) + text.slice(index + 1)
}

const mutation = fc.oneof(flipBit, setByte, insertToken, cutEnd, removeSlice, repeatSlice, moveLine, changeEnds)

/** Texts of a kind, each changed in one to four ways. */
export function mutated(texts: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc
    .tuple(texts, fc.array(mutation, { minLength: 1, maxLength: 4 }))
    .map(([text, mutations]) => mutations.reduce((changed, mutate) => mutate(changed), text))
}
