import { chromium, type Locator, type Page } from 'playwright-core'
import { onTestFinished } from 'vitest'
import { CHROMIUM, requireProgram } from './programs.ts'

// Root has no sandbox; the rest keeps the browser from asking hosts of its maker's.
const FLAGS = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
]

/** A page of a fresh browser, which ends with the test, and what went wrong in it: errors, and requests to other hosts. */
export async function openPage(url: string): Promise<{ page: Page; faults: string[] }> {
  const browser = await chromium.launch({ executablePath: requireProgram(CHROMIUM), args: FLAGS })
  onTestFinished(() => browser.close())
  const page = await browser.newPage({ viewport: { width: 1200, height: 1000 } })
  const faults: string[] = []
  const { host } = new URL(url)
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text())
  })
  page.on('pageerror', (error) => faults.push(error.message))
  page.on('request', (request) => {
    const asked = new URL(request.url())
    if (asked.protocol !== 'data:' && asked.host !== host) faults.push(`asked for ${asked.href}`)
  })
  await page.goto(url)
  return { page, faults }
}

/** Opens the docs page, all of it there. */
export async function openDocs(url: string) {
  const { page, faults } = await openPage(`${url}/docs`)
  await page.locator('.opblock').first().waitFor()
  return { page, faults }
}

/** The block of one operation on the docs page, opened. */
export async function openOperation(page: Page, operationId: string): Promise<Locator> {
  // The page's ids have a backslash before each dot.
  const block = page.locator(`.opblock[id$="-${operationId.replaceAll('.', String.raw`\\.`)}"]`)
  await block.locator('.opblock-summary-control').click()
  await block.locator('.execute').waitFor()
  return block
}

/** Sends what stands in an operation's block; the status and the body that the page shows, and the URL that was asked. */
export async function execute(block: Locator): Promise<{ status: number; body: string; url: string }> {
  await block.locator('.execute').click()
  const live = block.locator('.live-responses-table')
  await live.waitFor()
  const status = await live.locator('.response .response-col_status').first().innerText()
  const body = live.locator('.response .response-col_description pre').first()
  return {
    status: Number.parseInt(status, 10),
    body: await body.innerText(),
    url: (await block.locator('.request-url pre').innerText()).trim(),
  }
}
