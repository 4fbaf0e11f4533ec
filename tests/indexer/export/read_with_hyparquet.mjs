// SPDX-License-Identifier: Apache-2.0
// Reads an export with hyparquet, the reader of browsers: every row of every table.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'

const [directory, modules] = process.argv.slice(2)
const load = (name, main) => import(pathToFileURL(`${modules}/${name}/${main}`).href)
const { asyncBufferFromFile } = await load('hyparquet', 'src/node.js')
const { parquetReadObjects, parquetMetadataAsync } = await load('hyparquet', 'src/index.js')
const { compressors } = await load('hyparquet-compressors', 'src/index.js')

const manifest = JSON.parse(readFileSync(`${directory}/manifest.json`, 'utf8'))
const rows = {}
for (const { name, table, rows: count } of manifest.files) {
  const file = await asyncBufferFromFile(`${directory}/${name}`)
  const metadata = await parquetMetadataAsync(file)
  assert.equal(Number(metadata.num_rows), count, name)
  rows[table] = await parquetReadObjects({ file, compressors })
  assert.equal(rows[table].length, count, name)
}
const [a, b] = rows.releases
assert.equal(a.id, 'owner/a')
assert.deepEqual(a.license, ['other'])
assert.deepEqual(b.files, [])
assert.equal(b.observed_at.toISOString(), '2023-11-14T22:13:23.000Z')
assert.deepEqual(rows.assessments.find(row => row.id === 'owner/b').low, [3n])
