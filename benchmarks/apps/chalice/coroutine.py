"""A view that is an ``async def``."""

from chalice import Chalice

app = Chalice(app_name="coroutine")


@app.route("/")
async def index():
    """Answer with a constant."""
    return {"hello": "world"}
