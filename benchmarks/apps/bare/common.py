"""One view of each common kind, found in a dict."""

import json

JSON = {"Content-Type": "application/json"}
MADE = {**JSON, "Cache-Control": "no-store"}


def index(event):
    """Answer with a constant."""
    return {"hello": "world"}


def order(event):
    """Answer with parts of the path and the query."""
    path = event["pathParameters"]
    query = event["queryStringParameters"] or {}
    return {"user": path["user_id"], "order": path["order_id"], "limit": query.get("limit")}


def echo(event):
    """Answer with the body."""
    return json.loads(event["body"])


def made(event):
    """Answer with a status and headers of the view's own."""
    return {"statusCode": 201, "headers": MADE, "body": json.dumps({"hello": "world"})}


def missing(event):
    """Answer with an error."""
    raise LookupError("nothing here")


ROUTES = {
    ("GET", "/"): index,
    ("GET", "/users/{user_id}/orders/{order_id}"): order,
    ("POST", "/echo"): echo,
    ("GET", "/made"): made,
    ("GET", "/missing"): missing,
}


def app(event, context):
    """Find the view and answer."""
    try:
        body = ROUTES[event["httpMethod"], event["resource"]](event)
    except LookupError as error:
        message = {"Code": "NotFoundError", "Message": str(error)}
        return {"statusCode": 404, "headers": JSON, "body": json.dumps(message)}
    if "statusCode" in body:
        return body
    return {"statusCode": 200, "headers": JSON, "body": json.dumps(body)}
