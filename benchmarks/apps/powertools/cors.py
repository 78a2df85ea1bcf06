"""A view that the scripts of other sites may call."""

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, CORSConfig

resolver = APIGatewayRestResolver(
    cors=CORSConfig(allow_origin="https://shop.example", allow_credentials=True, max_age=600)
)


@resolver.get("/")
def index():
    """Answer with a constant."""
    return {"hello": "world"}


def app(event, context):
    """Answer a request."""
    return resolver.resolve(event, context)
