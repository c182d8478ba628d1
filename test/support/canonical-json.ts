/**
 * A JSON text in one form for all texts that mean the same: no blanks, names sorted, every number as its own decimal
 * (`15e-1`). A reader of its own: JSON.parse mistakes some escaped names for others (nodejs/node#63785).
 * @throws SyntaxError when the text is not JSON.
 */
export function canonicalJson(text: string): string {
  const tokens = text.match(TOKEN) ?? []
  if (tokens.join('') !== text.replace(BLANKS_AND_STRINGS, '$1')) throw new SyntaxError('not JSON')
  return readValue(tokens.reverse())
}

/** A member of a JSON object's text as canonical text, found by the names on the way; undefined: it is not there. */
export function memberOf(text: string, ...names: string[]): string | undefined {
  return names.reduce<string | undefined>(
    (value, name) => (value?.startsWith('{') ? membersOf(value).get(JSON.stringify(name)) : undefined),
    canonicalJson(text),
  )
}

/** A decimal number's text as an integer and a power of ten, no zeros at the end: `150.50e3` is `1505e2`. */
export function canonicalDecimal(text: string): string {
  const [mantissa = '', power = '0'] = text.toLowerCase().split('e')
  const [whole = '', fraction = ''] = mantissa.split('.')
  let coefficient = BigInt(whole.replace('-', '') + fraction)
  if (coefficient === 0n) return '0e0'
  let exponent = BigInt(power) - BigInt(fraction.length)
  while (coefficient % 10n === 0n) {
    coefficient /= 10n
    exponent += 1n
  }
  return `${whole.startsWith('-') ? '-' : ''}${coefficient}e${exponent}`
}

const TOKEN = /"(?:[^"\\]|\\.)*"|[[\]{},:]|[^\s"[\]{},:]+/g
const BLANKS_AND_STRINGS = /\s+|("(?:[^"\\]|\\.)*")/g

/** Reads one value from the end of the tokens, which stand in reverse. */
function readValue(tokens: string[]): string {
  const token = tokens.pop() ?? ''
  if (token === '[') return `[${readAll(tokens, ']', readValue).join(',')}]`
  if (token === '{') return writeMembers(new Map(readAll(tokens, '}', readMember)))
  return /^[-0-9]/.test(token) ? canonicalDecimal(token) : JSON.stringify(JSON.parse(token))
}

function readMember(tokens: string[]): [name: string, value: string] {
  const name = readValue(tokens)
  if (tokens.pop() !== ':') throw new SyntaxError(`no colon after ${name}`)
  return [name, readValue(tokens)]
}

function readAll<Item>(tokens: string[], end: string, readItem: (tokens: string[]) => Item): Item[] {
  const items: Item[] = []
  for (let separator = tokens.at(-1) === end ? tokens.pop() : ','; separator === ','; separator = tokens.pop()) {
    items.push(readItem(tokens))
  }
  return items
}

function writeMembers(members: Map<string, string>): string {
  const sorted = [...members].sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${sorted.map((member) => member.join(':')).join(',')}}`
}

function membersOf(object: string): Map<string, string> {
  const tokens = (object.match(TOKEN) ?? []).reverse()
  tokens.pop()
  return new Map(readAll(tokens, '}', readMember))
}
