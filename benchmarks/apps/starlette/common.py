"""One view of each common kind."""

from mangum import Mangum
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.routing import Route


async def index(request):
    """Answer with a constant."""
    return JSONResponse({"hello": "world"})


async def order(request):
    """Answer with parts of the path and the query."""
    path = request.path_params
    limit = request.query_params.get("limit")
    return JSONResponse({"user": path["user_id"], "order": path["order_id"], "limit": limit})


async def echo(request):
    """Answer with the body."""
    return JSONResponse(await request.json())


async def made(request):
    """Answer with a response of the view's own making."""
    return JSONResponse({"hello": "world"}, 201, headers={"Cache-Control": "no-store"})


async def missing(request):
    """Answer with an error."""
    raise HTTPException(404, "nothing here")


routes = [
    Route("/", index),
    Route("/users/{user_id}/orders/{order_id}", order),
    Route("/echo", echo, methods=["POST"]),
    Route("/made", made),
    Route("/missing", missing),
]
app = Mangum(Starlette(routes=routes), lifespan="off")
