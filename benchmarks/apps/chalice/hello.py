"""The smallest application."""

from chalice import Chalice

app = Chalice(app_name="hello")


@app.route("/")
def index():
    """Answer with a constant."""
    return {"hello": "world"}
