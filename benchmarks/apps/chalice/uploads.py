"""A REST view, and a function that is told of new objects in a bucket."""

from chalice import Chalice

app = Chalice(app_name="uploads")


@app.route("/")
def index():
    """Answer with a constant."""
    return {"hello": "world"}


@app.on_s3_event(bucket="photos")
def work(event):
    """Say which object is new."""
    return event.bucket + "/" + event.key
