"""One view of each common kind."""

import json

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError

resolver = APIGatewayRestResolver()


@resolver.get("/")
def index():
    """Answer with a constant."""
    return {"hello": "world"}


@resolver.get("/users/<user_id>/orders/<order_id>")
def order(user_id, order_id):
    """Answer with parts of the path and the query."""
    query = resolver.current_event.query_string_parameters or {}
    return {"user": user_id, "order": order_id, "limit": query.get("limit")}


@resolver.post("/echo")
def echo():
    """Answer with the body."""
    return resolver.current_event.json_body


@resolver.get("/made")
def made():
    """Answer with a response of the view's own making."""
    headers = {"Cache-Control": "no-store"}
    return Response(201, "application/json", json.dumps({"hello": "world"}), headers=headers)


@resolver.get("/missing")
def missing():
    """Answer with an error."""
    raise NotFoundError("nothing here")


def app(event, context):
    """Answer a request."""
    return resolver.resolve(event, context)
