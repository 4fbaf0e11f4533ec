// SPDX-License-Identifier: Apache-2.0
// undici_load.cjs URL SECONDS AT_ONCE: asks for one URL over and over; prints what fetch_bench load prints.
const { Pool } = require('undici');

const [url, seconds, atOnce] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const { origin, pathname } = new URL(url);

async function load() {
  const pool = new Pool(origin, { connections: atOnce, pipelining: 1 });
  const counts = { requests: 0, failures: 0 };
  const start = performance.now();
  const cpu = process.cpuUsage();
  const worker = async () => {
    while (performance.now() - start < seconds * 1000) {
      const { statusCode, body } = await pool.request({
        path: pathname, method: 'GET', headers: { accept: 'application/json' },
      });
      const bytes = await body.arrayBuffer();
      counts.requests += 1;
      if (statusCode !== 200 || bytes.byteLength < 2) counts.failures += 1;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  const used = process.cpuUsage(cpu);
  counts.cpu_s = (used.user + used.system) / 1e6;
  counts.wall_s = (performance.now() - start) / 1000;
  console.log(JSON.stringify(counts));
  await pool.close();
}

load();
