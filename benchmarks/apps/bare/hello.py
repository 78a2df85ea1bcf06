"""The smallest function."""

import json


def app(event, context):
    """Answer with a constant."""
    return {
        "statusCode": 200,
        "headers": {"Content-Type": "application/json"},
        "body": json.dumps({"hello": "world"}),
    }
