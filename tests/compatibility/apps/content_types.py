"""Which content types a view takes."""

from chalice import Chalice

app = Chalice(app_name="content_types")


def view():
    return app.current_request.headers.get("content-type")


for name, types in {
    "default": None,
    "json": ["application/json"],
    "text": ["text/plain"],
    "several": ["text/plain", "application/xml", "Application/JSON"],
    "all": ["*/*"],
    "half": ["text/*"],
    "none": [],
    "parameters": ["text/plain; charset=utf-8"],
    "spaces": [" text/plain "],
}.items():
    options = {} if types is None else {"content_types": types}
    app.route(f"/{name}", methods=["POST", "GET"], name=name, **options)(view)
    app.route(f"/cors/{name}", methods=["POST"], name=f"cors_{name}", cors=True, **options)(view)
