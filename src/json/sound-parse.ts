/**
 * A JSON.parse that keeps every name, put in the place of the engine's own where that one does not: import it for its
 * effect before anything that parses.
 *
 * V8 (nodejs/node#63785, open in Node 24 and 26): once an object has had a name that ends in a backslash, an escaped name
 * at the same place of a like object is taken for it, so that one client's "\n" comes out as another's "\". Only names
 * with an escape are affected; a text that has one is parsed with stand-ins in the place of all its names.
 */

import { eachMember, setMember } from './members.ts'
import { endOfString } from './scan-strings.ts'

type Reviver = (this: unknown, key: string, value: unknown, context?: { source?: string }) => unknown

const nativeParse = JSON.parse
const STAND_IN = /^n\d+$/
const WHITESPACE = new Set([' ', '\t', '\n', '\r'])

/**
 * JSON.parse (ECMA-262), with every name as it stands in the text. Where that has an escaped name, a reviver's `this`
 * still has the stand-ins; its key, value and source are true.
 */
export function soundParse(source: unknown, reviver?: Reviver): unknown {
  const text = String(source)
  if (!text.includes('\\') || !hasEscapedName(text)) return nativeParse(text, reviver)
  const names: string[] = []
  try {
    return restoreNames(nativeParse(replaceNames(text, names), reviver && withNames(reviver, names)), names)
  } catch (error) {
    if (error instanceof SyntaxError) nativeParse(text) // its words are about the text that the client knows
    throw error
  }
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

/** Puts an object with the text's names in the place of each, without recursion, which a deep text would overflow. */
function restoreNames(parsed: unknown, names: readonly string[]): unknown {
  const root = [parsed]
  const pending: object[] = [root]
  for (let container = pending.pop(); container !== undefined; container = pending.pop()) {
    eachMember(container, (key, member) => {
      if (typeof member !== 'object' || member === null) return
      const named = hasStandIns(member) ? withRealNames(member, names) : member
      if (named !== member) setMember(container, key, named)
      pending.push(named)
    })
  }
  return root[0]
}

// All names of a text have stand-ins, so that one tells for all.
function hasStandIns(object: object): boolean {
  for (const key in object) return !Array.isArray(object) && STAND_IN.test(key)
  return false
}

function withRealNames(object: object, names: readonly string[]): object {
  const named = {}
  eachMember(object, (key, member) => setMember(named, nameOf(String(key), names), member))
  return named
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
