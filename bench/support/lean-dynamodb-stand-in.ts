import { createServer, type Socket } from 'node:net'
import { crc32 } from 'node:zlib'
import { answerTextTo } from './prepared-answers.ts'
import { createRequestCutter } from './request-cutter.ts'

// A DynamoDB in which every item is there, that takes DELAY_MS for each call, however many there are at once: a process of its
// own, on PORT. It has no HTTP server, as it shares its cores with what it serves.
const delayMs = Number(process.env.DELAY_MS ?? 0)
const DATE_INTERVAL_MS = 1000

let date = new Date().toUTCString()
setInterval(() => {
  date = new Date().toUTCString()
}, DATE_INTERVAL_MS)

function send(socket: Socket, answer: string): void {
  const bytes = Buffer.from(answer, 'latin1')
  const head = `HTTP/1.1 200 OK\r\nserver: Server\r\ndate: ${date}\r\ncontent-type: application/x-amz-json-1.0\r\n`
  const checked = `x-amz-crc32: ${crc32(bytes)}\r\nx-amzn-requestid: STANDIN\r\ncontent-length: ${bytes.length}\r\n\r\n`
  socket.write(head + checked + answer, 'latin1')
}

createServer({ noDelay: true }, (socket) => {
  const takeBytes = createRequestCutter((operation, body) => {
    const answer = answerTextTo(operation, body)
    if (delayMs === 0) send(socket, answer)
    else setTimeout(send, delayMs, socket, answer)
  })
  socket.setEncoding('latin1').on('data', takeBytes)
  socket.on('error', () => {}) // a client that has gone
}).listen(Number(process.env.PORT), '127.0.0.1')
