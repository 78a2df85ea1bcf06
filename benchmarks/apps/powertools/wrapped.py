"""A view with one middleware around it."""

from aws_lambda_powertools.event_handler import APIGatewayRestResolver

resolver = APIGatewayRestResolver()


def stamp(app, next_middleware):
    """Add a header."""
    response = next_middleware(app)
    response.headers["X-Stamp"] = "seen"
    return response


resolver.use(middlewares=[stamp])


@resolver.get("/")
def index():
    """Answer with a constant."""
    return {"hello": "world"}


def app(event, context):
    """Answer a request."""
    return resolver.resolve(event, context)
