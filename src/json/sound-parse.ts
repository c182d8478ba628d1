/**
 * A JSON.parse that keeps every name, put in the place of the engine's own where that one does not: import it for its
 * effect before anything that parses.
 *
 * V8 (nodejs/node#63785, open in Node 24 and 26): once an object has had a name that ends in a backslash, an escaped name
 * at the same place of a like object is taken for it, so that one client's "\n" comes out as another's "\". Only names
 * with an escape are affected; a text that has one is parsed with stand-ins in the place of all its names.
 */

type Reviver = (this: unknown, key: string, value: unknown, context?: { source?: string }) => unknown

const nativeParse = JSON.parse
const STAND_IN = /^n\d+$/
const WHITESPACE = new Set([' ', '\t', '\n', '\r'])

/** JSON.parse (ECMA-262), with every name as it stands in the text. */
export function soundParse(source: unknown, reviver?: Reviver): unknown {
  const text = String(source)
  if (!text.includes('\\') || !hasEscapedName(text)) return nativeParse(text, reviver)
  const names: string[] = []
  const plain = replaceNames(text, names)
  const value: unknown = nativeParse(plain, reviver && withNames(reviver, names))
  restoreNames(value, names)
  return value
}

function hasEscapedName(text: string): boolean {
  for (const [start, end] of namesIn(text)) {
    if (text.slice(start, end).includes('\\')) return true
  }
  return false
}

/** The text with each distinct name's stand-in, n0 and so on, in its place; fills `names`. */
function replaceNames(text: string, names: string[]): string {
  const standIns = new Map<string, string>()
  const parts: string[] = []
  let copied = 0
  for (const [start, end] of namesIn(text)) {
    const name: string = nativeParse(text.slice(start, end))
    const standIn = standIns.get(name) ?? `"n${names.push(name) - 1}"`
    standIns.set(name, standIn)
    parts.push(text.slice(copied, start), standIn)
    copied = end
  }
  return parts.join('') + text.slice(copied)
}

/** Where names stand: each string that a colon follows, quotes included. */
function* namesIn(text: string): Generator<[start: number, end: number]> {
  for (let start = text.indexOf('"'); start !== -1; ) {
    const end = endOfString(text, start)
    if (end === -1) return
    if (isBeforeColon(text, end)) yield [start, end]
    start = text.indexOf('"', end)
  }
}

function endOfString(text: string, start: number): number {
  for (let quote = text.indexOf('"', start + 1); quote !== -1; quote = text.indexOf('"', quote + 1)) {
    let backslashes = 0
    while (text[quote - 1 - backslashes] === '\\') backslashes += 1
    if (backslashes % 2 === 0) return quote + 1
  }
  return -1
}

function isBeforeColon(text: string, end: number): boolean {
  let at = end
  while (WHITESPACE.has(text[at] ?? '')) at += 1
  return text[at] === ':'
}

function withNames(reviver: Reviver, names: readonly string[]): Reviver {
  return function revive(key, value, context) {
    return reviver.call(this, nameOf(key, names), value, context)
  }
}

/** Gives all objects their names back, in place and without recursion, which a deep text would overflow. */
function restoreNames(root: unknown, names: readonly string[]): void {
  const pending: unknown[] = [root]
  while (pending.length > 0) {
    const container = pending.pop()
    if (typeof container !== 'object' || container === null) continue
    for (const member of Object.values(container)) pending.push(member)
    if (!Array.isArray(container)) renameMembers(container, names)
  }
}

function renameMembers(container: object, names: readonly string[]): void {
  const members = Object.entries(container)
  if (members[0] === undefined || !STAND_IN.test(members[0][0])) return
  for (const [key] of members) Reflect.deleteProperty(container, key)
  for (const [key, value] of members) {
    Object.defineProperty(container, nameOf(key, names), { value, writable: true, enumerable: true, configurable: true })
  }
}

function nameOf(key: string, names: readonly string[]): string {
  return STAND_IN.test(key) ? (names[Number(key.slice(1))] ?? key) : key
}

/** Whether the engine has the fault; a probe, so that this file stands aside once it is mended. */
function engineMistakesNames(): boolean {
  const trap: object = nativeParse('{"probe":1,"\\\\":2}')
  const prey: object = nativeParse('{"probe":1,"\\n":2}')
  return Object.keys(trap)[1] !== '\\' || Object.keys(prey)[1] !== '\n'
}

if (engineMistakesNames()) JSON.parse = soundParse as typeof JSON.parse
