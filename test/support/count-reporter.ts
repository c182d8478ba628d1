import type { Reporter, TestModule } from 'vitest/node'

/** Ends the run's output with one plain line: `123 passed, 0 failed`. */
export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const states = modules.flatMap((module) => [...module.children.allTests()].map((test) => test.result().state))
    const brokenModules = modules.filter((module) => module.state() === 'failed' && module.errors().length > 0).length
    const failed = states.filter((state) => state === 'failed').length + brokenModules + unhandledErrors.length
    const skipped = states.filter((state) => state === 'skipped' || state === 'pending').length
    const passed = states.filter((state) => state === 'passed').length
    // After the default reporter's summary, which prints in the same hook.
    process.once('exit', () => console.log(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`))
  }
}
