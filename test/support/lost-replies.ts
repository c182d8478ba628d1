import { categoryOf, refusal } from './dynamodb-replies.ts'
import type { Script, ScriptedReply } from './scripted-dynamodb.ts'

/** Ways in which the reply to a call that was applied is lost, and how they are told of. */
export const LOST: [string, ScriptedReply][] = [
  ['broke off', 'apply, then reset'],
  ['never came', 'apply, then hang'],
  ['was an internal error', { applyThen: refusal('InternalServerError', 'Internal server error', 500) }],
]

/**
 * A script by which the first UpdateItem of each category is applied and its reply lost; with `commands` of 2, so is the next
 * one, such as that which is to create what the first found missing.
 */
export function loseFirstReplies(lost: ScriptedReply, commands = 1): Script {
  const bodies = new Map<string, Set<string>>()
  return (call) => {
    if (call.operation !== 'UpdateItem') return 'pass'
    const seen = bodies.get(categoryOf(call)) ?? new Set()
    bodies.set(categoryOf(call), seen.add(JSON.stringify(call.body)))
    return call.attempt === 1 && seen.size <= commands ? lost : 'pass'
  }
}
