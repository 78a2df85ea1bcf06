"""A view with one HTTP middleware around it."""

from chalice import Chalice

app = Chalice(app_name="wrapped")


@app.middleware("http")
def stamp(event, get_response):
    """Add a header."""
    response = get_response(event)
    response.headers["X-Stamp"] = "seen"
    return response


@app.route("/")
def index():
    """Answer with a constant."""
    return {"hello": "world"}
