# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Control the emulator over HTTP, with paths below /_control/ that are separate from the API."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Flask, Response, request

from .api import json_response

if TYPE_CHECKING:
    from .service import DirectoryService


def add_control(app: Flask, service: DirectoryService) -> None:
    """Add the control paths to the application."""
    control = Blueprint("control", __name__, url_prefix="/_control")

    @control.route("/log", methods=["GET", "DELETE"])
    def log() -> Response:
        if request.method == "DELETE":
            service.clear_log()
        return json_response(service.log)

    @control.route("/state", methods=["GET"])
    def state() -> Response:
        return json_response(service.dump())

    @control.route("/mails", methods=["GET"])
    def mails() -> Response:
        return json_response(service.store.mails())

    @control.route("/settings", methods=["GET", "PATCH"])
    def settings() -> Response:
        if request.method == "PATCH":
            service.configure(**_body())
        return json_response(service.settings.as_dict())

    @control.route("/faults", methods=["GET", "POST", "DELETE"])
    def faults() -> Response:
        if request.method == "POST":
            service.add_fault(**_body())
        elif request.method == "DELETE":
            service.clear_faults()
        return json_response(service.faults)

    @control.route("/seed", methods=["POST"])
    def seed() -> Response:
        body = _body()
        return json_response(service.seed(body.get("users") or [], body.get("groups") or []))

    @control.route("/reset", methods=["POST"])
    def reset() -> Response:
        service.reset()
        return json_response(service.settings.as_dict())

    @control.errorhandler(ValueError)
    def refused(error: ValueError) -> Response:
        return json_response({"message": str(error)}, 400)

    app.register_blueprint(control)


def _body() -> dict[str, Any]:
    value = json.loads(request.get_data())
    if not isinstance(value, dict):
        raise ValueError("the body must be a JSON object")
    return value
