"""An application made for each event: the event says what it declares, and what it is asked."""

import base64

import chalice.app
from chalice import Chalice, CORSConfig, Response

SEEN = []


def cors_of(setting):
    return CORSConfig(**setting) if isinstance(setting, dict) else setting


def body_of(setting):
    return base64.b64decode(setting["bytes"]) if isinstance(setting, dict) and "bytes" in setting else setting


def view_of(view):
    def answer(**names):
        SEEN.append([names, application[0].current_request.to_dict()])
        if view["kind"] == "error":
            raise getattr(chalice.app, view["error"])(view["body"])
        if view["kind"] == "crash":
            raise ValueError(view["body"])
        if view["kind"] == "response":
            return Response(body_of(view["body"]), dict(view["headers"]), view["status"])
        return body_of(view["body"])

    return answer


def middleware_of(kind, name, watching):
    def middleware(event, get_response):
        SEEN.append([name, type(event).__name__])
        if kind == "short":
            return Response(name, status_code=299)
        response = get_response(event)
        SEEN.append([name, response.status_code, dict(response.headers)] if watching else [name])
        if kind == "header":
            response.headers["X-" + name] = "1"
        if kind == "error":
            raise KeyError(name)
        return response

    return middleware


application = []


def handle(event, context):
    settings, request = event["settings"], event["request"]
    app = Chalice(app_name="generated", debug=settings["debug"])
    # Whichever application logged last, the level is this one's.
    app.debug = settings["debug"]
    application[:] = [app]
    app.api.cors = cors_of(settings["global_cors"])
    if settings["binary_types"] is not None:
        app.api.binary_types = settings["binary_types"]
    options = {name: settings[name] for name in ("content_types", "methods") if settings[name] is not None}
    if settings["cors"] != "absent":
        options["cors"] = cors_of(settings["cors"])
    app.route(settings["path"], name="view", **options)(view_of(settings["view"]))
    # Which error middleware sees is asked by itself, where JSON is among the binary types.
    watching = settings["view"]["kind"] not in ("error", "crash")
    for number, kind in enumerate(settings["middleware"]):
        app.register_middleware(middleware_of(kind, f"m{number}", watching), "http" if number % 2 else "all")
    return app(request, context)
