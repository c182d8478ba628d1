import { chromium } from 'playwright-core'
import { CHROMIUM, requireProgram } from './programs.ts'

/** `node test/support/docs-picture.ts URL FILE.png`: the README's picture of a running service's docs page, a request sent from it. */
const [url, path] = process.argv.slice(2)
if (url === undefined || path === undefined) throw new Error('needed: URL FILE.png')

const browser = await chromium.launch({
  executablePath: requireProgram(CHROMIUM),
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
})
const page = await browser.newPage({ viewport: { width: 1200, height: 900 } })
await page.goto(`${url}/docs`)
const write = page.locator('.opblock').first()
await write.locator('.opblock-summary-control').click()
await write.locator('.execute').click()
await write.locator('.live-responses-table').waitFor()
await write.locator('.opblock-summary-control').click()
const read = page.locator('.opblock', { hasText: 'Read one category' })
await read.locator('.opblock-summary-control').click()
await read.locator('.execute').click()
const reply = read.locator('.live-responses-table .response-col_description pre').first()
await reply.waitFor()
const end = await reply.boundingBox()
await page.setViewportSize({
  width: 1200,
  height: Math.ceil((end?.y ?? 0) + (end?.height ?? 0) + ((await page.evaluate('scrollY')) as number)) + 40,
})
await page.evaluate('scrollTo(0, 0)')
await page.screenshot({ path })
await browser.close()
