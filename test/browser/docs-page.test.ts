import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { createApiKey } from '../../src/api-keys.ts'
import { execute, openDocs, openOperation } from '../support/browser.ts'
import { startService } from '../support/service-process.ts'

type Operation = { operationId: string; tags: string[]; responses: Record<string, unknown> }
type Document = { tags: { name: string }[]; paths: Record<string, Record<string, Operation>> }

const BIG = '9007199254740993'
const LONG = '0.1234567890123456789'

const startEmpty = (env: Record<string, string> = {}) => startService({ EMBEDDED_DATA_DIR: 'memory', STATSD_HOST: 'off', ...env })

/** Every operation that the API's description has, in the order in which the page shows them. */
async function operationsOf(url: string, page: Page): Promise<Operation[]> {
  const document = (await (await fetch(`${url}/openapi.json`)).json()) as Document
  const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods))
  const ids = await page.locator('.opblock').evaluateAll((blocks) => blocks.map(({ id }) => id.replaceAll('\\', '')))
  const placeOf = ({ operationId }: Operation) => ids.findIndex((id) => id.endsWith(`-${operationId}`))
  return operations.toSorted((a, b) => placeOf(a) - placeOf(b))
}

test('each endpoint’s example works as it stands, from the top of the page to its bottom, on a store that is empty', async () => {
  const { url } = await startEmpty()
  const { page, faults } = await openDocs(url)
  const operations = await operationsOf(url, page)

  expect(await page.locator('.opblock').count()).toBe(operations.length)
  expect(operations.length).toBeGreaterThanOrEqual(11)
  for (const { operationId, responses } of operations) {
    const [success] = Object.keys(responses).filter((status) => status.startsWith('2'))
    const { status, body } = await execute(await openOperation(page, operationId))
    expect({ operationId, status: String(status) }).toEqual({ operationId, status: success })
    expect(JSON.parse(body)).not.toHaveProperty('code')
    // Each finds something of what those above it have left.
    if (operationId.startsWith('delete.')) expect(JSON.parse(body).deleted).toBeGreaterThan(0)
  }
  expect(faults).toEqual([])
})

test('the reply that the page shows is the one that the service gives', async () => {
  const { url } = await startEmpty()
  const { page } = await openDocs(url)
  await execute(await openOperation(page, 'write.multi_category'))

  for (const operationId of ['read.single_item', 'read.entity']) {
    const shown = await execute(await openOperation(page, operationId))
    expect(shown.status).toBe(200)
    expect(JSON.parse(shown.body)).toEqual(await (await fetch(shown.url)).json())
  }
})

test('numbers beyond a double arrive as they were typed, and are shown with all their digits', async () => {
  const { url } = await startEmpty()
  const { page } = await openDocs(url)
  const write = await openOperation(page, 'write.multi_category')
  await write.locator('textarea.body-param__text').fill(`{"trans_features": {"account": ${BIG}, "ratio": ${LONG}}}`)

  expect((await execute(write)).status).toBe(200)
  const { body, url: asked } = await execute(await openOperation(page, 'read.single_item'))

  expect(await (await fetch(asked)).text()).toContain(`"account":${BIG},"ratio":${LONG}`)
  expect(body).toContain(`"account": ${BIG}`)
  expect(body).toContain(`"ratio": ${LONG}`)
})

test('an error is shown as the problem that it is', async () => {
  const { url } = await startEmpty()
  const { page } = await openDocs(url)

  const { status, body } = await execute(await openOperation(page, 'read.single_item'))

  expect(status).toBe(404)
  expect(JSON.parse(body)).toMatchObject({ status: 404, code: 'ITEM_NOT_FOUND', detail: 'Item not found' })
})

test('a key that is given once on the page is sent with each request; without it they are refused', async () => {
  const { key, entry } = createApiKey('page', 'write')
  const { url } = await startEmpty({ API_KEYS: entry })
  const { page } = await openDocs(url)
  const write = await openOperation(page, 'write.multi_category')
  expect((await execute(write)).status).toBe(401)

  await page.locator('button.authorize').first().click()
  const dialog = page.locator('.dialog-ux')
  await dialog.locator('input').first().fill(key)
  await dialog.locator('button.authorize').first().click()
  await dialog.locator('button.btn-done').first().click()
  await write.locator('.btn-clear').click()

  expect((await execute(write)).status).toBe(200)
  expect((await execute(await openOperation(page, 'read.single_item'))).status).toBe(200)
})

test.each(['light', 'dark'] as const)(
  'a reader who likes it %s has it so, by a page that asks nobody else',
  async (colorScheme) => {
    const { url } = await startEmpty()
    const { page, faults } = await openDocs(url)
    await page.emulateMedia({ colorScheme })
    await page.waitForFunction(`document.documentElement.classList.contains('dark-mode') === ${colorScheme === 'dark'}`)

    const color = String(await page.evaluate(`getComputedStyle(document.querySelector('.info .title')).color`))

    // Of the letters.
    const [brightness] = /[0-9]+/.exec(color) ?? []
    expect(Number(brightness) > 128).toBe(colorScheme === 'dark')
    expect(Number(brightness) < 128).toBe(colorScheme === 'light')
    expect(faults).toEqual([])
  },
)

test('an opened endpoint has what it takes to send its example, and no choice of one', async () => {
  const { url } = await startEmpty()
  const { page } = await openDocs(url)
  const write = await openOperation(page, 'write.multi_category')

  expect(await write.locator('.execute').isVisible()).toBe(true)
  for (const useless of ['.try-out', '.response-col_links', '.response-control-media-type']) {
    expect(await write.locator(useless).first().isVisible()).toBe(false)
  }
})
