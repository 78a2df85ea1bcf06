"""A REST view, and a function that takes messages from a queue."""

from chalice import Chalice

app = Chalice(app_name="messages")


@app.route("/")
def index():
    """Answer with a constant."""
    return {"hello": "world"}


@app.on_sqs_message(queue="orders")
def work(event):
    """Read every message."""
    total = 0
    for record in event:
        total += len(record.body)
    return total
