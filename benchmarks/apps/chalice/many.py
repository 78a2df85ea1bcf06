"""Two hundred routes."""

from chalice import Chalice

app = Chalice(app_name="many")


def add(number):
    """Declare one route."""

    @app.route(f"/r{number}/items/{{item_id}}", name=f"view_{number}")
    def view(item_id):
        return {"route": number, "item": item_id}


for number in range(200):
    add(number)
