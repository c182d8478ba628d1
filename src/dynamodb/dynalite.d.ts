declare module 'dynalite' {
  import type { Server } from 'node:http'

  /** https://github.com/architect/dynalite: the options that we use. */
  export default function dynalite(options: { path?: string; createTableMs?: number }): Server
}
