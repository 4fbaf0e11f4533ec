# SPDX-License-Identifier: Apache-2.0
"""aiohttp_load.py URL SECONDS AT_ONCE: asks for one URL over and over; prints what fetch_bench load prints."""
import asyncio
import json
import sys
import time

import aiohttp


async def load(url, seconds, at_once):
    counts = {"requests": 0, "failures": 0}
    start, cpu = time.monotonic(), time.process_time()

    async def worker(session):
        while time.monotonic() - start < seconds:
            async with session.get(url, headers={"Accept": "application/json"}) as response:
                body = await response.read()
            counts["requests"] += 1
            if response.status != 200 or len(body) < 2:
                counts["failures"] += 1

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=at_once)) as session:
        await asyncio.gather(*(worker(session) for _ in range(at_once)))
    counts["cpu_s"] = time.process_time() - cpu
    counts["wall_s"] = time.monotonic() - start
    print(json.dumps(counts))


asyncio.run(load(sys.argv[1], float(sys.argv[2]), int(sys.argv[3])))
