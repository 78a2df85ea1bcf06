"""Two hundred routes in a dict."""

import json


def make(number):
    """Make one view."""

    def view(event):
        return {"route": number, "item": event["pathParameters"]["item_id"]}

    return view


ROUTES = {("GET", f"/r{number}/items/{{item_id}}"): make(number) for number in range(200)}


def app(event, context):
    """Find the view and answer."""
    view = ROUTES[event["httpMethod"], event["resource"]]
    return {
        "statusCode": 200,
        "headers": {"Content-Type": "application/json"},
        "body": json.dumps(view(event)),
    }
