"""The smallest application behind an HTTP API."""

from chalice import Chalice

app = Chalice(app_name="second")


@app.route("/")
def index():
    """Answer with a constant."""
    return {"hello": "world"}
