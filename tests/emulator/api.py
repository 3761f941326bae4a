# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The API over HTTP: paths, credentials, JSON, error bodies."""

from __future__ import annotations

import hmac
import html
import json
import traceback
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from .errors import ApiError
from .reply import Reply
from .resources import dump_json
from .settings import Settings

if TYPE_CHECKING:
    from .service import DirectoryService

JSON_TYPE = "application/json;charset=UTF-8"


def json_response(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """Return a JSON response."""
    return Response(dump_json(value), status=status, headers=headers, content_type=JSON_TYPE)


def error_response(settings: Settings, status: int, message: str, headers: dict[str, str] | None = None) -> Response:
    """Return an error response with the body that the settings select."""
    shape = settings.error_body
    if shape == "errors":
        own = settings.error_status == "own"
        return json_response({"Errors": [{"description": message, "code": str(status)}]}, status if own else 200, headers)
    if shape == "message":
        return json_response({"message": message}, status, headers)
    if shape == "html":
        page = "<html><head><title>%d</title></head><body><h1>%s</h1></body></html>" % (status, html.escape(message))
        return Response(page, status=status, headers=headers, content_type="text/html;charset=UTF-8")
    return Response(message if shape == "text" else "", status=status, headers=headers,
                    content_type="text/plain;charset=UTF-8")


def add_api(app: Flask, service: DirectoryService) -> None:
    """Add the paths of the API to the application."""

    @app.before_request
    def authenticate() -> None:
        if request.path.startswith("/api/"):
            _demand_credentials(service)

    _add_resources(app, service)
    _add_actions(app, service)
    _add_errors(app, service)


def _send(reply: Reply) -> Response:
    if reply.body is None:
        return Response("", status=reply.status, headers=reply.headers, content_type=JSON_TYPE)
    return json_response(reply.body, reply.status, reply.headers)


def _add_resources(app: Flask, service: DirectoryService) -> None:
    @app.route("/api/directory/<any(user, group):kind>", methods=["GET", "POST"])
    def resources(kind: str) -> Response:
        if request.method in ("GET", "HEAD"):
            return _send(service.directory().reads.list(kind, request.args.to_dict()))
        option = request.args.get("option") if kind == "user" else None
        return _send(service.directory().writes[kind].create(_json_body(service.settings), option))

    @app.route("/api/directory/<any(user, group):kind>/<resource_id>", methods=["GET", "PUT", "PATCH", "DELETE"])
    def resource(kind: str, resource_id: str) -> Response:
        if_match = request.headers.get("If-Match")
        if request.method in ("GET", "HEAD"):
            return _send(service.directory().reads.get(kind, resource_id))
        writes = service.directory().writes[kind]
        if request.method == "DELETE":
            return _send(writes.delete(resource_id, if_match))
        if request.method == "PUT":
            return _send(writes.replace(resource_id, _json_body(service.settings), if_match))
        return _send(writes.patch(resource_id, _json_body(service.settings), if_match))

    @app.route("/api/directory/group/<group_id>/users/count", methods=["GET"])
    def users_count(group_id: str) -> Response:
        return _send(service.directory().reads.count_users(group_id))


def _add_actions(app: Flask, service: DirectoryService) -> None:
    @app.route("/api/directory/users/password-lost", methods=["POST"])
    def password_lost() -> Response:
        return _send(service.directory().actions.password_lost(_json_body(service.settings)))

    @app.route("/api/directory/users/password-reset", methods=["POST"])
    def password_reset() -> Response:
        return _send(service.directory().actions.password_reset(_json_body(service.settings)))

    @app.route("/api/directory/useractions/invite", methods=["POST"])
    def invite() -> Response:
        return _send(service.directory().actions.invite(_json_body(service.settings)))

    @app.route("/api/oauth/token", methods=["POST"])
    def token() -> Response:
        if request.mimetype != "application/x-www-form-urlencoded":
            raise ApiError(415, "Content-Type must be application/x-www-form-urlencoded")
        form = request.form
        if form.get("grant_type") != "password" or "username" not in form or "password" not in form:
            raise ApiError(400, "invalid_request: grant_type=password, username and password are required")
        return _send(service.directory().actions.log_in(form["username"], form["password"]))


def _add_errors(app: Flask, service: DirectoryService) -> None:
    @app.errorhandler(ApiError)
    def refused(error: ApiError) -> Response:
        return error_response(service.settings, error.status, error.message, error.headers)

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> Response:
        allowed = getattr(error, "valid_methods", None)
        headers = {"Allow": ", ".join(sorted(allowed))} if allowed else {}
        return error_response(service.settings, error.code or 500, error.description or error.name, headers)

    @app.errorhandler(Exception)
    def crashed(error: Exception) -> Response:
        traceback.print_exception(type(error), error, error.__traceback__)
        return error_response(service.settings, 500, "Error in the emulator: %r" % error)


def _demand_credentials(service: DirectoryService) -> None:
    given = request.authorization
    if given is None or given.type != "basic" or not (
            _same(given.username, service.client_id) & _same(given.password, service.api_key)):
        challenge = {"WWW-Authenticate": 'Basic realm="PingOne"'} if service.settings.challenge == "yes" else {}
        raise ApiError(401, "Invalid credentials", challenge)


def _same(given: str | None, wanted: str) -> bool:
    return hmac.compare_digest((given or "").encode("utf-8"), wanted.encode("utf-8"))


def _json_body(settings: Settings) -> Any:
    if request.mimetype != "application/json":
        raise ApiError(415, "Content-Type must be application/json")
    try:
        text = request.get_data().decode("utf-8")
        value = json.loads(text, parse_constant=_no_constant)
        if "\\u" in text and settings.half_characters == "refused":
            json.dumps(value, ensure_ascii=False).encode("utf-8")
        return value
    except (ValueError, RecursionError) as error:
        raise ApiError(400, "The body is not valid JSON") from error


def _no_constant(name: str) -> None:
    raise ValueError("%s is not JSON" % name)
