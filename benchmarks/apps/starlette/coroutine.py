"""A view that is an ``async def``."""

from mangum import Mangum
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route


async def index(request):
    """Answer with a constant."""
    return JSONResponse({"hello": "world"})


app = Mangum(Starlette(routes=[Route("/", index)]), lifespan="off")
