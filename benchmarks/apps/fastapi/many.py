"""Two hundred routes."""

from fastapi import FastAPI
from mangum import Mangum

api = FastAPI()


def add(number):
    """Declare one route."""

    @api.get(f"/r{number}/items/{{item_id}}")
    async def view(item_id: str):
        return {"route": number, "item": item_id}


for number in range(200):
    add(number)
app = Mangum(api, lifespan="off")
