import type { TestProject } from 'vitest/node'

/** Global setup: the project's API tests run on the embedded store, one in memory for each test file. */
export default function useEmbedded(project: TestProject): void {
  project.provide('storeEndpoint', 'embedded')
}

declare module 'vitest' {
  export interface ProvidedContext {
    storeEndpoint: string
  }
}
