"""Paths and methods: what reaches which view."""

from chalice import Chalice

app = Chalice(app_name="routing")


@app.route("/")
def index():
    return "index"


@app.route("/items", methods=["GET", "POST"])
def items():
    return app.current_request.method


@app.route("/items/{item}", methods=["PUT"])
def put_item(item):
    return ["put", item]


@app.route("/items/{item}", methods=["DELETE", "PATCH"], name="removal")
def change_item(item):
    return [app.current_request.method, item]


@app.route("/deep/er/and-er/{x}.json")
def deep(x):
    return x


@app.route("/trailing/")
def trailing():
    return "trailing"


@app.route("/CamelCase")
def camel():
    return "camel"


@app.route("/files/{proxy+}", methods=["GET", "POST"])
def files():
    return app.current_request.uri_params
