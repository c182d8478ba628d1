import { createSocket } from 'node:dgram'

// A StatsD host that takes everything and keeps nothing: a process of its own, on PORT.
createSocket('udp4')
  .on('message', () => {})
  .bind(Number(process.env.PORT), '127.0.0.1')
