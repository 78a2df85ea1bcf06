"""The smallest application."""

from aws_lambda_powertools.event_handler import APIGatewayRestResolver

resolver = APIGatewayRestResolver()


@resolver.get("/")
def index():
    """Answer with a constant."""
    return {"hello": "world"}


def app(event, context):
    """Answer a request."""
    return resolver.resolve(event, context)
