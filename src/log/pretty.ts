import createPretty from 'pino-pretty'

type Line = Record<string, unknown>

const REQUEST_FIELDS = ['method', 'route', 'url', 'operation', 'status', 'duration_ms', 'bytes', 'client_ip', 'user_agent']
const WORK_FIELDS = ['table_type', 'categories', 'dynamodb_calls', 'dynamodb_ms', 'error_code', 'reason', 'slow', 'aborted']
const HIDDEN = ['name', 'request_id', 'traceparent', ...REQUEST_FIELDS, ...WORK_FIELDS]

// Enough to tell the requests of a laptop apart.
const SHORT_ID_LENGTH = 8

/** Lines for a person at a terminal: coloured, a request's on one short line, an error's stack under it. */
export function createPrettyStream() {
  return createPretty({
    colorize: process.stdout.isTTY,
    ignore: HIDDEN.join(),
    translateTime: 'HH:MM:ss.l',
    singleLine: true,
    sync: true,
    messageFormat: (line, messageKey) => {
      const text = line.status === undefined ? String(line[messageKey] ?? '') : describeRequest(line)
      return line.request_id === undefined ? text : `${text} [${String(line.request_id).slice(0, SHORT_ID_LENGTH)}]`
    },
  })
}

/** `GET /api/v1/get/item/user123/cat 404 3.1 ms, DynamoDB 2.4 ms (1 call), ITEM_NOT_FOUND: Item not found, slow`. */
function describeRequest(line: Line): string {
  const calls = Number(line.dynamodb_calls ?? 0)
  return [
    `${line.method} ${line.url} ${line.status} ${line.duration_ms} ms`,
    calls > 0 ? `DynamoDB ${line.dynamodb_ms} ms (${calls} ${calls === 1 ? 'call' : 'calls'})` : '',
    line.error_code === undefined ? '' : `${line.error_code}: ${line.reason}`,
    line.slow === true ? 'slow' : '',
    line.aborted === true ? 'hung up' : '',
  ]
    .filter((part) => part !== '')
    .join(', ')
}
