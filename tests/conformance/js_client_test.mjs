// SPDX-License-Identifier: Apache-2.0
// @huggingface/hub, the Hub's official JavaScript client, against a replay hub.
//
// Started by with_replay_hub.sh. Every check is a function; all of them run, and one that fails does
// not stop the others.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import path from "node:path";

const require = createRequire(path.join(process.env.MODELWATCH_NODE_MODULES, "x.js"));
const hub = await import(pathToFileURL(require.resolve("@huggingface/hub")));

const hubUrl = process.env.HF_ENDPOINT;
const control = process.env.CONTROL_URL;
const synthetic = 2345;
const casesListed = 6; // open, base, manual, auto, disabled, Other

const status = async () => (await fetch(`${control}/_replay/status`)).json();
const collect = async (generator) => {
  const all = [];
  for await (const one of generator) all.push(one);
  return all;
};
const failsWith = async (statusCode, promise) => {
  await assert.rejects(promise, (error) => {
    assert.equal(error.statusCode, statusCode, String(error));
    return true;
  });
};

const checks = {
  async listsEveryReleaseOnceOverAllPages() {
    const models = await collect(hub.listModels({ hubUrl }));
    assert.equal(models.length, synthetic + casesListed);
    assert.equal(new Set(models.map((model) => model.id)).size, models.length);
    assert(models.every((model) => /^[0-9a-f]{24}$/.test(model.id)));
  },
  async listsWithAdditionalFieldsAndFilters() {
    const models = await collect(
      hub.listModels({
        hubUrl,
        search: { owner: "acme", tags: ["license:apache-2.0"] },
        additionalFields: ["sha", "cardData", "tags", "disabled", "createdAt"],
      }),
    );
    assert.deepEqual(models.map((model) => model.name), ["acme/open"]);
    assert.equal(models[0].cardData.license, "apache-2.0");
    assert.equal(models[0].sha.length, 40);
    assert.equal(models[0].disabled, false);
  },
  async stopsAtALimit() {
    assert.equal((await collect(hub.listModels({ hubUrl, limit: 7 }))).length, 7);
  },
  async tellsDetails() {
    const info = await hub.modelInfo({ hubUrl, name: "acme/open", additionalFields: ["sha", "cardData"] });
    assert.equal(info.name, "acme/open");
    assert.equal(info.sha.length, 40);
    assert.equal((await hub.modelInfo({ hubUrl, name: "acme/manual" })).gated, "manual");
  },
  async tellsDetailsAtARevision() {
    const info = await hub.modelInfo({ hubUrl, name: "acme/open", revision: "v1.0", additionalFields: ["sha"] });
    const commits = await collect(hub.listCommits({ hubUrl, repo: "acme/open" }));
    assert.equal(info.sha, commits[1].oid);
  },
  async followsRenames() {
    assert.equal((await hub.modelInfo({ hubUrl, name: "acme/old-base" })).name, "acme/base");
  },
  async listsFiles() {
    const files = await collect(hub.listFiles({ hubUrl, repo: "acme/open", recursive: true, expand: true }));
    const byPath = new Map(files.map((file) => [file.path, file]));
    assert.equal(byPath.get("onnx").type, "directory");
    assert.equal(byPath.get("model.safetensors").lfs.size, 300000);
    assert.equal(byPath.get("LICENSE").oid.length, 40);
    assert.equal(byPath.get("LICENSE").lastCommit.title, "Add weights");
  },
  async listsAndCountsCommits() {
    const commits = await collect(hub.listCommits({ hubUrl, repo: "acme/open", batchSize: 1 }));
    assert.deepEqual(commits.map((commit) => commit.title), ["Say more", "Add weights", "Release"]);
    assert.equal(await hub.countCommits({ hubUrl, repo: "acme/open" }), 3);
  },
  async tellsPathsAndLeavesOutMissingOnes() {
    const found = await hub.pathsInfo({ hubUrl, repo: "acme/open", paths: ["LICENSE", "nope"] });
    assert.deepEqual(found.map((file) => file.path), ["LICENSE"]);
  },
  async downloadsAFileOverItsRedirect() {
    const info = await hub.fileDownloadInfo({ hubUrl, repo: "acme/open", path: "LICENSE" });
    const [file] = await hub.pathsInfo({ hubUrl, repo: "acme/open", paths: ["LICENSE"] });
    assert.equal(info.etag, `"${file.oid}"`);
    assert.equal(info.size, file.size);
    const blob = await hub.downloadFile({ hubUrl, repo: "acme/open", path: "LICENSE" });
    assert.equal(await blob.text(), "Apache text, first form\n");
  },
  async getsA304WithTheEtag() {
    const info = await hub.fileDownloadInfo({ hubUrl, repo: "acme/open", path: "LICENSE" });
    const again = await fetch(info.url, { headers: { "If-None-Match": info.etag } });
    assert.equal(again.status, 304);
    assert.equal(await again.text(), "");
  },
  async downloadsFromTheStorageHost() {
    const blob = await hub.downloadFile({
      hubUrl, repo: "acme/open", path: "model.safetensors", accessToken: "hf_test", xet: false,
    });
    assert.equal(blob.size, 300000);
    assert((await blob.slice(0, 16).text()).startsWith("weights weights "));
    assert.equal((await status()).leaked_credentials, 0);
  },
  async readsTheXetDescription() {
    const info = await hub.fileDownloadInfo({ hubUrl, repo: "acme/open", path: "model.safetensors" });
    assert.equal(info.xet.hash.length, 64);
    assert.equal(info.size, 300000);
  },
  async tellsAMissingFileFromAMissingRelease() {
    assert.equal(await hub.downloadFile({ hubUrl, repo: "acme/open", path: "NOPE" }), null);
    assert.equal(await hub.fileExists({ hubUrl, repo: "acme/open", path: "LICENSE" }), true);
    assert.equal(await hub.fileExists({ hubUrl, repo: "acme/open", path: "NOPE" }), false);
    assert.equal(await hub.repoExists({ hubUrl, repo: "acme/open" }), true);
    await failsWith(401, hub.modelInfo({ hubUrl, name: "acme/nothing" }));
    await failsWith(401, hub.modelInfo({ hubUrl, name: "acme/private" }));
    await failsWith(404, hub.modelInfo({ hubUrl, name: "acme/nothing", accessToken: "hf_test" }));
    assert.equal(await hub.repoExists({ hubUrl, repo: "acme/nothing", accessToken: "hf_test" }), false);
  },
  async tellsABadRevision() {
    await failsWith(404, hub.modelInfo({ hubUrl, name: "acme/open", revision: "nope" }));
  },
  async tellsAGateAndATakedown() {
    await failsWith(401, hub.downloadFile({ hubUrl, repo: "acme/manual", path: "LICENSE" }));
    await failsWith(403, hub.downloadFile({ hubUrl, repo: "acme/manual", path: "LICENSE", accessToken: "hf_test" }));
    await failsWith(403, hub.downloadFile({ hubUrl, repo: "acme/disabled", path: "LICENSE" }));
    const blob = await hub.downloadFile({ hubUrl, repo: "acme/manual", path: "LICENSE", accessToken: "hf_granted" });
    assert.match(await blob.text(), /acme\/manual/);
  },
  async refusesAnUnknownExpand() {
    await failsWith(400, collect(hub.listModels({ hubUrl, additionalFields: ["usedStorage"] })));
  },
  async knowsItsTokens() {
    const who = await hub.whoAmI({ hubUrl, accessToken: "hf_test" });
    assert.equal(who.name, "replay-user");
    await failsWith(401, hub.modelInfo({ hubUrl, name: "acme/open", accessToken: "hf_wrong" }));
  },
  async neverLeaksACredential() {
    assert.equal((await status()).leaked_credentials, 0);
  },
};

let failed = 0;
for (const [name, check] of Object.entries(checks)) {
  try {
    await check();
    console.log(`ok      ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`FAILED  ${name}\n${error.stack}`);
  }
}
const total = Object.keys(checks).length;
console.log(`${total - failed} of ${total} checks passed at ${hubUrl}`);
process.exit(failed === 0 ? 0 : 1);
