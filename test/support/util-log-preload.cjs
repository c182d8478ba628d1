// What statsd 0.9.0 needs to run on today's Node, which no longer has util.log.
const util = require('node:util')

util.log = (...parts) => console.log(...parts)

// Its management interface prints by util.inspect, which cuts arrays after 100 values and is made for no machine to read.
util.inspect = (value) => JSON.stringify(value)
