"""The smallest application behind an HTTP API."""

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver

resolver = APIGatewayHttpResolver()


@resolver.get("/")
def index():
    """Answer with a constant."""
    return {"hello": "world"}


def app(event, context):
    """Answer a request."""
    return resolver.resolve(event, context)
