# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The benchmark: ``make bench``. README.md describes the measurements.

Figures are ratios of two times in one run, so the speed of the machine cancels out.
"""

from __future__ import annotations

import argparse
import functools
import json
import os
import statistics
import sys
import tempfile
from pathlib import Path

from .processes import CREDENTIALS, Service, run, run_module, run_playbook

FLOOR = [sys.executable, "-m", "benchmark.floor"]


def options_of(number):
    """Return one user of the desired state."""
    return {
        "user_name": f"user{number:06d}@example.com",
        "external_id": f"hr:{number}",
        "active": True,
        "name": {"given_name": f"Given{number}", "family_name": f"Family{number}"},
        "emails": [{"value": f"user{number:06d}@example.com", "type": "work", "primary": True}],
        "title": f"Title {number % 50}",
        "enterprise": {"department": f"Department {number % 30}", "employee_number": str(number)},
    }


def scim_of(number):
    """Return the same user as the service stores it."""
    options = options_of(number)
    return {
        "schemas": ["urn:scim:schemas:core:1.0", "urn:scim:schemas:extension:enterprise:1.0"],
        "userName": options["user_name"],
        "externalId": options["external_id"],
        "active": True,
        "name": {"givenName": options["name"]["given_name"], "familyName": options["name"]["family_name"]},
        "emails": options["emails"],
        "title": options["title"],
        "urn:scim:schemas:extension:enterprise:1.0": {
            "department": options["enterprise"]["department"],
            "employeeNumber": options["enterprise"]["employee_number"],
        },
    }


class Table:
    """Rows of a table, printed when they are added and written to the results file."""

    def __init__(self, title, *columns):
        self.title = title
        self.columns = columns
        self.rows = []
        self._widths = [max(len(column), 10) for column in columns]
        print(f"\n{title}\n" + "  ".join(column.rjust(width) for column, width in zip(columns, self._widths)))

    def add(self, *cells):
        texts = [f"{cell:.2f}" if isinstance(cell, float) else str(cell) for cell in cells]
        self.rows.append(dict(zip(self.columns, cells)))
        print("  ".join(text.rjust(width) for text, width in zip(texts, self._widths)), flush=True)


def write_document(folder, numbers, groups=()):
    file = folder / "desired.json"
    file.write_text(
        json.dumps({"users": [options_of(number) for number in numbers], "groups": list(groups)}), encoding="utf-8"
    )
    return str(file)


def median_of(times, function):
    """Return the run with the median wall time."""
    runs = sorted((function() for _time in range(times)), key=lambda item: item.wall)
    return runs[len(runs) // 2]


def nothing_to_do(service, folder, sizes, repeats):
    """(a) Nothing to do: the pages of two lists, and the module's own work on them."""
    table = Table(
        "(a) nothing to do: p1_directory against the bare list requests",
        "users",
        "groups",
        "latency ms",
        "reads",
        "floor reads",
        "writes",
        "wall s",
        "x floor",
        "own us/user",
        "peak MiB",
    )
    for size, latency in [*((size, 0) for size in sizes), (min(10_000, max(sizes)), 100)]:
        group_count = max(1, size // 50)
        service.reset()
        service.seed([scim_of(number) for number in range(size)])
        groups = [
            {
                "displayName": f"Group {number:05d}",
                "members": [options_of(member)["user_name"] for member in range(number, size, group_count)][:50],
            }
            for number in range(group_count)
        ]
        service.seed([], groups)
        desired = write_document(
            folder,
            range(size),
            [
                {"display_name": group["displayName"], "members": {"users": group["members"]}, "membership": "exact"}
                for group in groups
            ],
        )
        service.set(latency_ms=latency)
        start = median_of(3, lambda: module_start(service, folder))
        python = median_of(3, lambda: run([sys.executable, "-c", "import benchmark.floor"]))
        service.forget()
        floor = median_of(repeats, lambda: run([*FLOOR, "list", service.base_url]))
        floor_reads = service.requests()[0] // repeats
        service.forget()
        ours = median_of(repeats, functools.partial(run_document, service, folder, desired))
        reads, writes = service.requests()
        if writes:
            raise SystemExit("there was something to do")
        table.add(
            size,
            group_count,
            latency,
            reads // repeats,
            floor_reads,
            writes,
            ours.wall,
            (ours.wall - start.wall) / max(0.001, floor.wall - python.wall),
            (ours.cpu - start.cpu - (floor.cpu - python.cpu)) / size * 1e6,
            round(ours.peak_mib),
        )
    return table


def run_document(service, folder, desired):
    """Run p1_directory over a document."""
    return run_module("p1_directory", service.base_url, folder, src=desired)[0]


def module_start(service, folder):
    """Run a module that reads its options and stops: the cost of Ansible's start and of the imports."""
    arguments = folder / "start.json"
    arguments.write_text(json.dumps({"ANSIBLE_MODULE_ARGS": {"users": []}}), encoding="utf-8")
    return run(
        [sys.executable, "-m", "ansible_collections.pingone.directory.plugins.modules.p1_directory", str(arguments)],
        P1_CLIENT_ID="",
        P1_API_KEY="",
        P1_BASE_URL=service.base_url,
    )


def creates(service, folder, count):
    """(b) Creates with 20 ms of latency at the service, by concurrency."""
    table = Table(
        f"(b) {count} creates, 20 ms of latency at the service",
        "concurrency",
        "reads",
        "writes",
        "wall s",
        "x floor",
        "x conc. 1",
        "peak MiB",
    )
    desired = write_document(folder, range(count))
    posts = folder / "posts.json"
    posts.write_text(json.dumps([scim_of(number) for number in range(count)]), encoding="utf-8")
    alone = None
    for concurrency in (1, 4, 8):
        service.reset(latency_ms=20)
        floor = run([*FLOOR, "create", service.base_url, str(posts), str(concurrency)])
        if floor.status:
            raise SystemExit(floor.output)
        service.reset(latency_ms=20)
        service.forget()
        ours, _result = run_module("p1_directory", service.base_url, folder, src=desired, concurrency=concurrency)
        reads, writes = service.requests()
        alone = alone or ours.wall
        table.add(
            concurrency, reads, writes, ours.wall, ours.wall / floor.wall, alone / ours.wall, round(ours.peak_mib)
        )
    return table


URI = {
    "url_username": CREDENTIALS[0],
    "url_password": CREDENTIALS[1],
    "force_basic_auth": True,
    "return_content": True,
}
# The users are in a file of variables, as in practice: Ansible would copy a list in the task into each item's result.
LOOP = {"loop": "{{ people }}", "loop_control": {"label": "{{ item.user_name }}"}}


def uri_tasks(base_url):
    """Return a typical loop of ``ansible.builtin.uri``: look up the users and create the missing ones."""
    look_up = base_url + "/directory/user?filter=userName%20eq%20%22{{ item.user_name | urlencode }}%22"
    body = {
        "schemas": ["urn:scim:schemas:core:1.0"],
        "userName": "{{ item.item.user_name }}",
        "externalId": "{{ item.item.external_id }}",
        "name": {"givenName": "{{ item.item.name.given_name }}", "familyName": "{{ item.item.name.family_name }}"},
        "emails": "{{ item.item.emails }}",
    }
    return [
        {
            "name": "Look up the users",
            "ansible.builtin.uri": {**URI, "url": look_up},
            **LOOP,
            "register": "looked_up",
        },
        {
            "name": "Create the missing users",
            "ansible.builtin.uri": {
                **URI,
                "url": base_url + "/directory/user",
                "method": "POST",
                "body_format": "json",
                "body": body,
                "status_code": [200, 201],
            },
            "loop": "{{ looked_up.results }}",
            "loop_control": {"label": "{{ item.item.user_name }}"},
            "when": "item.json.totalResults == 0",
        },
    ]


def loop_of_users(users, in_process):
    """Return a typical loop of ``p1_user``, with a template for each option."""
    return {
        "name": "Manage the users",
        "pingone.directory.p1_user": {name: "{{ item." + name + " }}" for name in users[0]},
        **LOOP,
        "vars": {"pingone_directory_in_process": in_process},
    }


def loop_of_ansible(users):
    """Return the same loop and templates with an action that does nothing: the cost of Ansible itself."""
    return {"name": "Do nothing", "ansible.builtin.set_fact": {"user": loop_of_users(users, True)["pingone.directory.p1_user"]}, **LOOP}


def loops(service, folder, count):
    """(c) Loops over users: in the controller's process, as module processes, with uri, and p1_directory instead of a loop.

    "own cpu ms" is the cost of an item beyond the same loop of an action that does nothing, without the time of the service.
    """
    table = Table(
        f"(c) loops of {count} users: in process, as processes, with uri, and one p1_directory",
        "job",
        "latency ms",
        "way",
        "reads",
        "writes",
        "ms/item",
        "cpu ms/item",
        "own cpu ms",
        "x bare",
        "uri/this",
    )
    users = [options_of(number) for number in range(count)]
    scim = [scim_of(number) for number in range(count)]
    posts = folder / "posts.json"
    posts.write_text(json.dumps(scim), encoding="utf-8")
    (folder / "people.json").write_text(json.dumps({"people": users}), encoding="utf-8")
    ways = {
        "Ansible alone": [loop_of_ansible(users)],
        "uri": uri_tasks(service.base_url),
        "p1_user, processes": [loop_of_users(users, False)],
        "p1_user, in process": [loop_of_users(users, True)],
        "p1_directory": [
            {"name": "Manage the users", "pingone.directory.p1_directory": {"src": write_document(folder, range(count))}}
        ],
    }
    for job, latency in (("nothing to do", 0), ("nothing to do", 100), ("create", 0), ("create", 100)):
        walls, cpus = {}, {}
        for way, tasks in ways.items():
            service.reset()
            service.seed(scim if job == "nothing to do" else [scim_of(count)])
            service.set(latency_ms=latency)
            empty = run_playbook([play([], "people.json")], service.base_url, folder)
            service.forget()
            taken = run_playbook([play(tasks, "people.json")], service.base_url, folder)
            reads, writes = service.requests()
            walls[way], cpus[way] = taken.wall - empty.wall, (taken.cpu - empty.cpu) / count * 1000
            # Without latency, bare requests are too fast to compare with.
            measurable = bool(latency and reads)
            bare = bare_requests(service, posts, latency, reads / count, writes / count, scim, job) if measurable else None
            table.add(
                job,
                latency,
                way,
                reads,
                writes,
                walls[way] / count * 1000,
                cpus[way],
                cpus[way] - cpus["Ansible alone"],
                walls[way] / bare if bare else "-",
                walls["uri"] / walls[way] if "uri" in walls else "-",
            )
    return table


def bare_requests(service, posts, latency, reads, writes, scim, job):
    """Return the seconds that a script takes for the same number of requests in sequence."""
    python = median_of(3, lambda: run([sys.executable, "-c", "import benchmark.floor"])).wall
    service.reset()
    if job == "nothing to do":
        service.seed(scim)
    service.set(latency_ms=latency)
    return run([*FLOOR, "loop", service.base_url, str(posts), str(reads), str(writes)]).wall - python


def single(service, folder, times):
    """(d) A p1_user task with nothing to do, compared with a uri task with one GET, as module processes, in pairs."""
    table = Table(f"(d) one task with nothing to do, {times} pairs in loops of 10", "task", "reads", "ms/task", "x uri")
    service.reset()
    service.seed([scim_of(1)])
    user = options_of(1)
    url = (
        service.base_url + "/directory/user?filter=userName%20eq%20%22" + user["user_name"].replace("@", "%40") + "%22"
    )
    uri = {
        "name": "Get the user",
        "ansible.builtin.uri": {**URI, "url": url},
        "loop": list(range(10)),
    }
    ours = {**loop_of_users([user], False), "pingone.directory.p1_user": user, "loop": list(range(10)), "loop_control": {}}
    walls = {"uri": [], "p1_user": []}
    reads = {}
    for _time in range(times):
        empty = run_playbook([play([])], service.base_url, folder).wall
        for name, task in (("uri", uri), ("p1_user", ours)):
            service.forget()
            walls[name].append((run_playbook([play([task])], service.base_url, folder).wall - empty) / 10)
            reads[name] = service.requests()[0] / 10
    ratio = statistics.median(one / other for one, other in zip(walls["p1_user"], walls["uri"]))
    table.add("uri", reads["uri"], statistics.median(walls["uri"]) * 1000, 1.0)
    table.add("p1_user", reads["p1_user"], statistics.median(walls["p1_user"]) * 1000, ratio)
    return table


def play(tasks, *variables):
    """Return a play on this machine; ``variables`` are files of variables in the benchmark's folder."""
    return {
        "name": "Benchmark",
        "hosts": "localhost",
        "connection": "local",
        "gather_facts": False,
        "vars_files": list(variables),
        "vars": {"ansible_python_interpreter": sys.executable},
        "tasks": tasks,
    }


def main():
    parser = argparse.ArgumentParser(prog="make bench ARGS=...")
    parser.add_argument("--quick", action="store_true", help="smaller sizes, for a first look")
    parser.add_argument("--only", default="abcd", help="which parts, such as ad")
    arguments = parser.parse_args()
    quick = arguments.quick
    tables = []
    with tempfile.TemporaryDirectory() as name, Service() as service:
        folder = Path(name)
        if "a" in arguments.only:
            tables.append(
                nothing_to_do(service, folder, (1000, 10_000) if quick else (1000, 10_000, 100_000), 1 if quick else 3)
            )
        if "b" in arguments.only:
            tables.append(creates(service, folder, 200 if quick else 1000))
        if "c" in arguments.only:
            tables.append(loops(service, folder, 20 if quick else 100))
        if "d" in arguments.only:
            tables.append(single(service, folder, 3 if quick else 7))
    results = os.environ.get("P1_RESULTS")
    if results:
        file = Path(results, "benchmark.json")
        file.write_text(json.dumps({table.title: table.rows for table in tables}, indent=2), encoding="utf-8")
        print(f"\nAll figures: {file}")


if __name__ == "__main__":
    main()
