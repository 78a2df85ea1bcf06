"""A view with a function around it."""

import json


def index(event):
    """Answer with a constant."""
    return {
        "statusCode": 200,
        "headers": {"Content-Type": "application/json"},
        "body": json.dumps({"hello": "world"}),
    }


def app(event, context):
    """Add a header."""
    answer = index(event)
    answer["headers"]["X-Stamp"] = "seen"
    return answer
