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
      - Region of the account, which determines the URL of the service. V(na) is
        C(https://directory-api.pingone.com/api), V(eu) is C(https://directory-api.pingone.eu/api), V(au) is
        C(https://directory-api.pingone.com.au/api).
      - Can be set with the environment variable E(P1_REGION).
    type: str
    choices: [na, eu, au]
    default: na
  base_url:
    description:
      - Base URL of the API, including C(/api). It overrides O(region).
      - C(http://) is valid only for loopback addresses, because every request contains the API key.
      - Can be set with the environment variable E(P1_BASE_URL).
    type: str
  validate_certs:
    description:
      - Whether to validate the certificate of the service. With V(false), every task warns.
      - Can be set with the environment variable E(P1_VALIDATE_CERTS).
    type: bool
    default: true
  ca_path:
    description:
      - Path of a file or folder of trusted certificate authorities, on the host where the module runs. It replaces the default ones.
      - Can be set with the environment variable E(P1_CA_PATH).
    type: path
  timeout:
    description:
      - Maximum number of seconds for one request, from sending it to the last byte of the response. At most 86400 (one day).
    type: int
    default: 30
  retry_timeout:
    description:
      - Maximum number of seconds for all retries of one request together. At most 86400.
      - The module retries a request if the service reports a rate limit (429), and then honors C(Retry-After). If it is safe to send the
        request twice, the module also retries it after an error (408, 425, 500, 502, 503, 504, 520 to 530), or if it cannot reach the
        service.
      - If the connection is refused before the service has answered at all, the task fails after 5 seconds.
    type: int
    default: 120
  max_requests_per_second:
    description:
      - Maximum number of requests per second. By default the module sets no limit.
    type: float
notes:
  - To set connection options once for all modules, use C(module_defaults) with the action group C(group/pingone.directory.p1). See the
    examples of M(pingone.directory.p1_user).
  - A connection option or environment variable that is empty text counts as not set.
  - The module runs with the Python of C(ansible_python_interpreter). For a hosted service this is usually the controller, with
    C(connection=local) or C(delegate_to=localhost). The collection declares its requirements for execution environments.
  - The module never follows redirects, and sends the credentials only to the configured host.
"""
