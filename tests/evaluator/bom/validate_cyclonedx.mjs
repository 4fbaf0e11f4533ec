// SPDX-License-Identifier: Apache-2.0
// Judges every *.json of a directory by the strict schema of CycloneDX 1.6, and sees that an invented
// licence id is refused.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const [directory, modules] = process.argv.slice(2)
const { Spec, Validation } = createRequire(`${modules}/`)('@cyclonedx/cyclonedx-library')
const judge = new Validation.JsonStrictValidator(Spec.Version.v1dot6)

const names = readdirSync(directory).filter(name => name.endsWith('.json'))
assert.ok(names.length > 0, 'there is nothing to judge')
for (const name of names) {
  const text = readFileSync(`${directory}/${name}`, 'utf8')
  assert.equal(await judge.validate(text), null, name)
  const bom = JSON.parse(text)
  bom.metadata.component.licenses = [{ license: { id: 'unknown' } }]
  assert.notEqual(await judge.validate(JSON.stringify(bom)), null, `${name} with an invented id`)
}
console.log(`${names.length} BOMs are valid`)
