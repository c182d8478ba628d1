import '../../json/sound-parse.ts'

/** What DynamoDB answers instead of a success, by the names that the SDK's own exceptions have. */
export type ReplyError = Error & {
  $metadata: { httpStatusCode: number; clockSkewCorrected?: true }
  Item?: unknown
  $retryable?: object
}

// The one exception that the SDK's model of DynamoDB marks to be tried again.
const RETRYABLE = 'ReplicatedWriteConflictException'

type ErrorBody = { __type?: unknown; message?: unknown; Message?: unknown; Item?: unknown }

/**
 * A reply that is no success as an error: DynamoDB's exception by its name, without the namespace before it; what is no
 * exception of DynamoDB's (a proxy's page) has a name that nothing knows.
 * Source: AWS JSON 1.0 protocol (Smithy 2.0), "Operation error serialization".
 */
export function toReplyError(statusCode: number, headers: Readonly<Record<string, string>>, body: Uint8Array): ReplyError {
  const said = parseObject(body)
  const message = said.message ?? said.Message
  const error = new Error(typeof message === 'string' ? message : `the store answered ${statusCode}`)
  const name = nameOf(headers['x-amzn-errortype'] ?? said.__type)
  return Object.assign(error, {
    name,
    ...(name === RETRYABLE ? { $retryable: {} } : {}),
    $metadata: { httpStatusCode: statusCode },
    ...(said.Item === undefined ? {} : { Item: said.Item }),
  })
}

function parseObject(body: Uint8Array): ErrorBody {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(body).toString())
    return typeof parsed === 'object' && parsed !== null ? parsed : {}
  } catch {
    return {}
  }
}

/** `com.amazonaws.dynamodb.v20120810#ThrottlingException:http://…` is a ThrottlingException. */
function nameOf(type: unknown): string {
  if (typeof type !== 'string') return 'UnknownError'
  return /^(?:[^#:,]*#)?([^:,#]+)/.exec(type)?.[1] ?? 'UnknownError'
}
