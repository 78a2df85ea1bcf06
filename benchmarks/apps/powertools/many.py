"""Two hundred routes."""

from aws_lambda_powertools.event_handler import APIGatewayRestResolver

resolver = APIGatewayRestResolver()


def add(number):
    """Declare one route."""

    @resolver.get(f"/r{number}/items/<item_id>")
    def view(item_id):
        return {"route": number, "item": item_id}


for number in range(200):
    add(number)


def app(event, context):
    """Answer a request."""
    return resolver.resolve(event, context)
