"""A view that the scripts of other sites may call."""

from chalice import Chalice, CORSConfig

app = Chalice(app_name="cors")
app.api.cors = CORSConfig(allow_origin="https://shop.example", allow_credentials=True, max_age=600)


@app.route("/")
def index():
    """Answer with a constant."""
    return {"hello": "world"}
