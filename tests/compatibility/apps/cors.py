"""CORS in all its forms on routes."""

from chalice import Chalice, CORSConfig, Response

app = Chalice(app_name="cors")

CONFIGS = {
    "true": True,
    "false": False,
    "none": None,
    "empty": CORSConfig(),
    "origin": CORSConfig(allow_origin="https://x.example"),
    "headers": CORSConfig(allow_headers=["X-B", "X-A", "content-type"]),
    "exposed": CORSConfig(expose_headers=["X-B", "X-A"]),
    "nothing exposed": CORSConfig(expose_headers=[]),
    "age": CORSConfig(max_age=600),
    "no age": CORSConfig(max_age=0),
    "credentials": CORSConfig(allow_credentials=True),
    "no credentials": CORSConfig(allow_credentials=False),
    "everything": CORSConfig("https://y.example", ["X-A"], ["X-C"], 5, True),
}


def view():
    return "x"


for name, config in CONFIGS.items():
    app.route("/" + name, methods=["GET", "POST"], name=name, cors=config)(view)


def own():
    return Response("x", dict(app.current_request.headers))


app.route("/own", cors=True, content_types=["*/*"])(own)
app.route("/own-config", cors=CONFIGS["everything"], name="own_config", content_types=["*/*"])(own)

# From here on, routes without a setting of their own have this one.
app.api.cors = True
app.route("/global", name="global")(view)
app.route("/global-off", name="global_off", cors=False)(view)
app.route("/global-none", name="global_none", cors=None)(view)
app.api.cors = CONFIGS["everything"]
app.route("/global-config", name="global_config")(view)
app.route("/global-own", name="global_own", cors=CONFIGS["origin"])(view)
app.api.cors = False
app.route("/global-again", name="global_again")(view)
