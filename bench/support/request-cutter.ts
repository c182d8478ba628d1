/** A call of DynamoDB's HTTP API: what is asked for, and its JSON. Other requests have no operation. */
export type OnCall = (operation: string, body: string) => void

const HEAD_END = '\r\n\r\n'
const LENGTH = /\r\ncontent-length: *(\d+)/i
const TARGET = /\r\nx-amz-target: *\w+\.(\w+)/i

/**
 * Cuts what a connection brings into calls: several in one piece, or one in several. The pieces are bytes as latin1 text, in
 * which one character is one byte: as long as what they hold is written back the same way, it is not changed.
 */
export function createRequestCutter(onCall: OnCall) {
  let rest = ''
  return (piece: string): void => {
    rest += piece
    for (let headEnd = rest.indexOf(HEAD_END); headEnd !== -1; headEnd = rest.indexOf(HEAD_END)) {
      const head = rest.slice(0, headEnd)
      const bodyAt = headEnd + HEAD_END.length
      const end = bodyAt + Number(LENGTH.exec(head)?.[1] ?? 0)
      if (rest.length < end) return
      const body = rest.slice(bodyAt, end)
      rest = rest.slice(end)
      onCall(TARGET.exec(head)?.[1] ?? '', body)
    }
  }
}
