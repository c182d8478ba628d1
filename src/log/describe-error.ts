type LoggedError = { type: string; message: string; code?: string; stack: string; failures?: LoggedError[] }

// What a store or a parser refuses, it likes to quote; what it quotes may be a feature's value.
const QUOTES_VALUES = new Set(['SyntaxError', 'ValidationException', 'SerializationException'])
const FROM_FIRST_QUOTE = /["'`:].*/s

// The whole line: what is about a credential may quote it anywhere, and a signature has commas and spaces in it.
const CREDENTIALS = /^.*\b(authorization|aws4-hmac-sha256|x-amz-security-token|x-api-key|secretaccesskey|sessiontoken)\b.*$/gim

const STACK_FRAME = /^\s+at .*(?::\d+:\d+|<anonymous>|\bnative)\)?$/

// More than there ever are, unless they go round in a circle.
const MAX_CAUSES = 10

/**
 * An error as the log has it: its stack and its causes' stacks, and of a write's failures each kind once. Nothing that hangs
 * on an error beside these (requests, replies) comes along, and nothing that it quotes: no credential, no feature value.
 */
export function describeError(error: unknown): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error, message: 'thrown, and no error', stack: '' }
  const { code, failures } = error as { code?: unknown; failures?: unknown }
  return {
    type: String(error.name),
    message: messageOf(error),
    ...(typeof code === 'string' ? { code } : {}),
    stack: stackOf(error, MAX_CAUSES),
    ...(Array.isArray(failures) ? { failures: distinct(failures.map(describeError)) } : {}),
  }
}

function stackOf(error: Error, maxCauses: number): string {
  const own = [`${error.name}: ${messageOf(error)}`, ...framesOf(error)].join('\n')
  if (!(error.cause instanceof Error) || maxCauses === 0) return own
  return `${own}\ncaused by: ${stackOf(error.cause, maxCauses - 1)}`
}

/** The stack's frames without the message above them, of which a line may look like one. */
function framesOf(error: Error): string[] {
  const stack = String(error.stack ?? '')
  const message = String(error.message)
  const messageAt = message === '' ? -1 : stack.indexOf(message)
  const frames = messageAt === -1 ? stack : stack.slice(messageAt + message.length)
  return frames.split('\n').filter((line) => STACK_FRAME.test(line))
}

function messageOf(error: Error): string {
  const message = String(error.message ?? '')
  const shown = QUOTES_VALUES.has(error.name) ? message.replace(FROM_FIRST_QUOTE, '…') : message
  return shown.replace(CREDENTIALS, '[redacted: it is about $1]')
}

function distinct(errors: LoggedError[]): LoggedError[] {
  return [...new Map(errors.map((error) => [error.code ?? error.type, error])).values()]
}
