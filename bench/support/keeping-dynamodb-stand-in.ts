import { createServer, type Socket } from 'node:net'
import { rowAt } from './import-rows.ts'
import { answerTextTo } from './prepared-answers.ts'
import { createRequestCutter } from './request-cutter.ts'

// A DynamoDB that takes every update at once and looks whether it is of the row that it should be: a process of its own, on
// PORT, for rows up to ROWS. `Report` says how many are there, how many of them are wrong, and how many updates came.
const seen = new Uint8Array(Number(process.env.ROWS))
const RIGHT = 1
const WRONG = 2
let updates = 0

function keep(body: string): void {
  const [, identifier = ''] = /"bright_uid":\{"S":"(user-\d+)"\}/.exec(body) ?? []
  const index = Number(identifier.slice('user-'.length))
  const isRight = identifier !== '' && body.includes(`"data":${rowAt(index).stored}`)
  seen[index] = isRight ? RIGHT : WRONG
  updates += 1
}

function report(): string {
  const count = (state: number) => seen.reduce((sum, each) => sum + (each === state ? 1 : 0), 0)
  return JSON.stringify({ right: count(RIGHT), wrong: count(WRONG), updates })
}

function answer(operation: string, body: string): string {
  if (operation === 'Report') return report()
  if (operation === 'UpdateItem') keep(body)
  return answerTextTo(operation, body)
}

function send(socket: Socket, text: string): void {
  socket.write(`HTTP/1.1 200 OK\r\ndate: ${new Date().toUTCString()}\r\ncontent-length: ${text.length}\r\n\r\n${text}`, 'latin1')
}

createServer({ noDelay: true }, (socket) => {
  const takeBytes = createRequestCutter((operation, body) => send(socket, answer(operation, body)))
  socket.setEncoding('latin1').on('data', takeBytes)
  socket.on('error', () => {}) // a client that was killed
}).listen(Number(process.env.PORT), '127.0.0.1')
