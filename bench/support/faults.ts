import { refusal, success, throttling } from '../../test/support/dynamodb-replies.ts'
import type { Call, Script, ScriptedReply } from '../../test/support/scripted-dynamodb.ts'

/** A fault, and what brings it about. */
export type Fault = { what: string; script: Script }

const internalError = refusal('InternalServerError', 'Internal server error', 500)

function once(reply: ScriptedReply): Script {
  return ({ number }: Call) => (number === 1 ? reply : 'pass')
}

function always(reply: ScriptedReply): Script {
  return () => reply
}

/** Only where a BatchGetItem is asked for; the others pass. */
function ofBatches(reply: ScriptedReply, isAlways: boolean): Script {
  return ({ operation, number }) => (operation === 'BatchGetItem' && (isAlways || number === 1) ? reply : 'pass')
}

/** The rows of the README's table of faults. */
export const FAULTS: readonly Fault[] = [
  { what: 'none', script: always('pass') },
  { what: 'every reply 300 ms late', script: always({ afterMs: 300, reply: 'pass' }) },
  { what: 'throttled once', script: once(throttling) },
  { what: 'throttled always', script: always(throttling) },
  { what: 'internal error (500) once', script: once(internalError) },
  { what: 'internal error (500) always', script: always(internalError) },
  { what: 'connection reset before the call is applied, once', script: once('reset') },
  { what: 'connection reset before the call is applied, always', script: always('reset') },
  { what: 'call applied, connection reset before the reply, once', script: once('apply, then reset') },
  { what: 'call applied, connection reset before the reply, always', script: always('apply, then reset') },
  { what: 'no reply, once', script: once('hang') },
  { what: 'no reply, always', script: always('hang') },
  { what: 'call applied, no reply, always', script: always('apply, then hang') },
  { what: 'a reply that stalls half-way, always', script: always({ status: 200, text: '{"Item":{', ending: 'stalls' }) },
  { what: 'a batch answered in halves', script: ofBatches({ answers: (_category, index) => index % 2 === 0 }, false) },
  { what: 'a batch left unprocessed always', script: ofBatches({ answers: () => false }, true) },
  { what: '200 with `null`', script: always({ status: 200, text: 'null' }) },
  { what: '200 with an empty body', script: always({ status: 200, text: '' }) },
  { what: '200 with somebody else’s JSON', script: always(success({ message: 'welcome' })) },
  { what: 'table missing', script: always(refusal('ResourceNotFoundException', 'Requested resource not found')) },
  { what: 'permission missing', script: always(refusal('AccessDeniedException', 'User is not authorized')) },
  { what: 'bad credentials', script: always(refusal('UnrecognizedClientException', 'The security token is invalid.')) },
  { what: 'refused as not valid, which our checks should have seen', script: always(refusal('ValidationException')) },
]
