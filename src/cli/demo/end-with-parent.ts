/**
 * Loaded into the demo's service before it: ends the service in order once the demo is gone, were it by SIGKILL, which leaves it
 * no time to. Whose standard input a closed pipe is has no parent any more.
 */
process.stdin.once('close', () => process.kill(process.pid, 'SIGTERM')).resume()
