"""The list of binary types: appended to, replaced, and changed between two requests."""

from chalice import BadRequestError, Chalice, Response

app = Chalice(app_name="binary_types")
other = Chalice(app_name="binary_types_other")
everything = Chalice(app_name="binary_types_everything")
everything.api.binary_types = ["*/*"]
nothing = Chalice(app_name="binary_types_nothing")
nothing.api.binary_types = []
odd = Chalice(app_name="binary_types_odd")
odd.api.binary_types = ["IMAGE/PNG", "text/*", "a/b;c=d", " x/y "]


def view():
    query = app_of_request().current_request.query_params
    headers = {"Content-Type": query["type"]} if "type" in query else {}
    body = b"bytes" if query.get("body", "bytes") == "bytes" else query["body"]
    return Response(body, headers)


CURRENT = []


def app_of_request():
    return CURRENT[-1]


def handler(application):
    def handle(event, context):
        CURRENT.append(application)
        return application(event, context)

    return handle


def bad():
    raise BadRequestError("bad")


for application in (app, other, everything, nothing, odd):
    application.route("/")(view)
    application.route("/bad", cors=True)(bad)

app_, other_, everything_, nothing_, odd_ = map(handler, (app, other, everything, nothing, odd))
