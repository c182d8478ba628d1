import { expect, test } from 'vitest'
import { type Panel, readDashboard, readProvisioning } from '../support/ops-files.ts'

const dashboard = readDashboard()
const { panels, templating } = dashboard
const shown = panels.filter(({ type }) => type !== 'row')

function overlap({ gridPos: a }: Panel, { gridPos: b }: Panel): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h
}

test('every panel has a title, a description, a unit and a query, and no two a title or an id', () => {
  const incomplete = shown.filter(
    ({ title, description, fieldConfig, targets = [] }) =>
      !(title && description && fieldConfig?.defaults.unit && targets.length > 0),
  )

  expect(incomplete).toEqual([])
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length)
  expect(new Set(panels.map(({ title }) => title)).size).toBe(panels.length)
})

test('no panel lies over another or beside the 24 columns', () => {
  const pairs = panels.flatMap((panel, index) => panels.slice(index + 1).map((other) => [panel, other] as const))

  expect(pairs.filter(([panel, other]) => overlap(panel, other)).map((pair) => pair.map(({ title }) => title))).toEqual([])
  expect(panels.filter(({ gridPos: { x, w } }) => x + w > 24)).toEqual([])
})

test('panels and variables ask the datasource that is provisioned', () => {
  const [{ uid, type } = { uid: '', type: '' }] = readProvisioning().datasources
  const asked = [...shown, ...templating.list].map(({ datasource }) => datasource)

  expect(new Set(asked.map((datasource) => JSON.stringify(datasource)))).toEqual(new Set([JSON.stringify({ type, uid })]))
})

test('every variable is used, and no other', () => {
  const expressions = shown.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)).join('\n')
  const used = new Set([...expressions.matchAll(/\$(\w+)/g)].map(([, name]) => name))

  expect(used).toEqual(new Set(['__rate_interval', ...templating.list.map(({ name }) => name)]))
})
