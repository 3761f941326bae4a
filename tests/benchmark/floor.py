# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The floor: bare HTTP requests from one script, over one connection per thread.

python -m benchmark.floor list BASE_URL
python -m benchmark.floor create BASE_URL USERS.json THREADS
python -m benchmark.floor loop BASE_URL USERS.json READS WRITES
"""

from __future__ import annotations

import json
import sys
from concurrent.futures import ThreadPoolExecutor

import requests

from .processes import CREDENTIALS


def session():
    made = requests.Session()
    made.auth = CREDENTIALS
    return made


def list_everything(base_url):
    """Read all pages of both lists, as a script does that trusts totalResults."""
    with session() as http:
        for kind in ("user", "group"):
            got = 0
            while True:
                page = http.get(
                    f"{base_url}/directory/{kind}", params={"startIndex": got + 1, "count": 1000}, timeout=60
                ).json()
                got += page["count"]
                if got >= page["totalResults"] or not page["count"]:
                    break


def create(base_url, file, threads):
    """Send a POST for each user and nothing else."""
    with open(file, encoding="utf-8") as opened:
        users = json.load(opened)
    with session() as http, ThreadPoolExecutor(max_workers=threads) as pool:
        for answer in pool.map(lambda user: http.post(f"{base_url}/directory/user", json=user, timeout=60), users):
            answer.raise_for_status()


def loop(base_url, file, reads, writes):
    """Send the requests of a loop in sequence: for each user some lookups by name, and perhaps a POST."""
    with open(file, encoding="utf-8") as opened:
        users = json.load(opened)
    with session() as http:
        for number, user in enumerate(users):
            # The average per user may be a fraction: the first users read the remainder.
            for _read in range(int(reads) + (number < len(users) * (reads % 1))):
                name = json.dumps(user["userName"])
                answer = http.get(f"{base_url}/directory/user", params={"filter": f"userName eq {name}"}, timeout=60)
                answer.raise_for_status()
            if writes:
                http.post(f"{base_url}/directory/user", json=user, timeout=60).raise_for_status()


if __name__ == "__main__":
    if sys.argv[1] == "list":
        list_everything(sys.argv[2])
    elif sys.argv[1] == "create":
        create(sys.argv[2], sys.argv[3], int(sys.argv[4]))
    elif sys.argv[1] == "loop":
        loop(sys.argv[2], sys.argv[3], float(sys.argv[4]), float(sys.argv[5]))
