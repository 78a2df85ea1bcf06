"""A function that the scripts of other sites may call."""

import json


def app(event, context):
    """Answer with a constant."""
    return {
        "statusCode": 200,
        "headers": {
            "Content-Type": "application/json",
            "Access-Control-Allow-Origin": "https://shop.example",
            "Access-Control-Allow-Headers": "Authorization,Content-Type",
            "Access-Control-Allow-Credentials": "true",
            "Access-Control-Max-Age": "600",
        },
        "body": json.dumps({"hello": "world"}),
    }
