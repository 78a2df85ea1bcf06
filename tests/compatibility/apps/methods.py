"""HTTP methods, one route for each and one for all."""

from chalice import Chalice

app = Chalice(app_name="methods")
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


@app.route("/all", methods=METHODS)
def everything():
    return app.current_request.method


for method in METHODS:

    def one(method=method):
        return ["only", method]

    app.route(f"/{method.lower()}", methods=[method], name=f"only_{method.lower()}")(one)


@app.route("/split", methods=["GET"])
def get():
    return "get"


@app.route("/split", methods=["PUT", "POST"])
def change():
    return "change"


@app.route("/tuple", methods=("GET", "POST"))
def from_tuple():
    return "tuple"
