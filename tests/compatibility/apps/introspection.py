"""What a request tells of itself."""

import json

from chalice import Chalice

app = Chalice(app_name="introspection")


@app.route("/described/{name}", methods=["GET", "POST"], content_types=["*/*"])
def described(name):
    return app.current_request.to_dict()


@app.route("/original", methods=["GET", "POST"])
def original():
    return app.current_request.to_original_event()


@app.route("/attributes/{name}", methods=["GET", "PUT"])
def attributes(name):
    request = app.current_request
    return {
        "path": request.path,
        "method": request.method,
        "uri_params": request.uri_params,
        "context": request.context,
        "stage_vars": request.stage_vars,
        "function": request.lambda_context.function_name,
        "same context": request.lambda_context is app.lambda_context,
        "names": sorted(name for name in dir(request) if not name.startswith("_")),
    }


@app.route("/own")
def own():
    app.current_request.mine = {"added": "by the view"}
    app.current_request._hidden = "hidden"
    return app.current_request.to_dict()


@app.route("/stage")
def stage():
    return [app.current_request.stage_vars, app.current_request.context["stage"]]


@app.route("/dumped")
def dumped():
    return json.loads(json.dumps(app.current_request.to_dict()))


@app.route("/missing")
def missing():
    return app.current_request.no_such_attribute
