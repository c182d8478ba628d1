import { chromium } from 'playwright-core'
import { CHROMIUM, requireProgram } from './programs.ts'

/** `node test/support/docs-picture.ts URL FILE.png`: the README's picture of a running service's docs page, a request sent from it. */
const BODY = '{"trans_features": {"avg_credit_30d": 150.5, "num_transactions": 25, "account_number": 90071992547409931234}}'
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
await write.locator('textarea.body-param__text').fill(BODY)
await write.locator('.execute').click()
await write.locator('.live-responses-table').waitFor()
await write.locator('.opblock-summary-control').click()
const read = page.locator('.opblock', { hasText: 'Read one category' })
await read.locator('.opblock-summary-control').click()
await read.locator('.execute').click()
const reply = read.locator('.live-responses-table .response-col_description pre').first()
await reply.waitFor()
// Nothing is pointed at, and nothing moves.
await page.mouse.move(0, 0)
await page.addStyleTag({ content: '* { transition: none !important; animation: none !important }' })
const [top, end] = [await write.boundingBox(), await reply.boundingBox()]
if (!top || !end) throw new Error('the page does not show what the picture is of')
const y = top.y + ((await page.evaluate('scrollY')) as number) - 60
await page.screenshot({ path, fullPage: true, clip: { x: 0, y, width: 1200, height: end.y + end.height - top.y + 66 } })
await browser.close()
