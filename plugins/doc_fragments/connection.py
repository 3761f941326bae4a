# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The connection options, the same in every module."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
requirements:
  - python >= 3.10
  - requests >= 2.28
options:
  client_id:
    description:
      - Client id of the directory API, from the PingOne admin console under C(Setup > Directory > API Credentials).
      - Can be set with the environment variable E(P1_CLIENT_ID).
    type: str
  api_key:
    description:
      - API key that belongs to O(client_id).
      - Can be set with the environment variable E(P1_API_KEY).
    type: str
  region:
    description:
      - Region of the account, which decides the host of the service. V(na) stands for
        C(https://directory-api.pingone.com/api), V(eu) for C(https://directory-api.pingone.eu/api), V(au) for
        C(https://directory-api.pingone.com.au/api).
      - Can be set with the environment variable E(P1_REGION).
    type: str
    choices: [na, eu, au]
    default: na
  base_url:
    description:
      - Base URL of the API including its C(/api), in place of the one O(region) stands for.
      - Plain C(http://) is accepted for loopback alone, because the API key travels with every request.
      - Can be set with the environment variable E(P1_BASE_URL).
    type: str
  validate_certs:
    description:
      - Whether the certificate of the service is checked. Leave it so; with V(false) every task warns.
      - Can be set with the environment variable E(P1_VALIDATE_CERTS).
    type: bool
    default: true
  ca_path:
    description:
      - File or folder of certificate authorities to trust in place of the usual ones, where the module runs.
      - Can be set with the environment variable E(P1_CA_PATH).
    type: path
  timeout:
    description:
      - Seconds that the service has for the whole answer to one request, from when it was sent to the last byte; at most
        86400, which is a day.
    type: int
    default: 30
  retry_timeout:
    description:
      - Seconds that all the retries of one request may take together; at most 86400.
      - Requests are retried when the service asks to slow down (429, honoring its C(Retry-After)), and, where sending
        a request twice is harmless, when it fails (408, 425, 500, 502, 503, 504, 520 to 530) or the service cannot be reached.
      - A refused connection is reported after 5 seconds when the service has not answered before.
    type: int
    default: 120
  max_requests_per_second:
    description:
      - Send no more requests per second than this. Without it there is no limit of our own.
    type: float
notes:
  - Every connection option can be set once for all modules with C(module_defaults) and the action group
    C(group/pingone.directory.p1), see the example.
  - Empty text in a connection option or its environment variable counts as not set.
  - The module runs where C(ansible_python_interpreter) points; for a hosted service that is usually the controller,
    with C(connection=local) or C(delegate_to=localhost). An execution environment declares what it needs.
  - Redirects are never followed, and credentials are sent to the configured host alone.
"""
