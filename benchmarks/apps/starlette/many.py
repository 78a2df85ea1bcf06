"""Two hundred routes."""

from mangum import Mangum
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route


def make(number):
    """Make one route."""

    async def view(request):
        return JSONResponse({"route": number, "item": request.path_params["item_id"]})

    return Route(f"/r{number}/items/{{item_id}}", view)


app = Mangum(Starlette(routes=[make(number) for number in range(200)]), lifespan="off")
