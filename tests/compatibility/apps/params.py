"""Path parameters are keyword arguments."""

from chalice import Chalice

app = Chalice(app_name="params")


@app.route("/a/{one}/{two}")
def swapped(two, one):
    return {"one": one, "two": two}


@app.route("/b/{one}")
def default(one="fallback"):
    return one


@app.route("/c/{one}/{two}")
def keywords(**names):
    return names


@app.route("/d/{other}")
def misnamed(name):
    return name


@app.route("/e/{one}")
def nothing():
    return "never"


@app.route("/f/{a_1}-{b}")
def two_in_one(a_1, b):
    return a_1 + b


@app.route("/g/{same}/{same}")
def twice(same):
    return same


@app.route("/h/{x}")
def changed(x):
    return [x, app.current_request.uri_params, type(x).__name__]
