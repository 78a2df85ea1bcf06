"""A view with one middleware around it."""

from mangum import Mangum
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.responses import JSONResponse
from starlette.routing import Route


async def index(request):
    """Answer with a constant."""
    return JSONResponse({"hello": "world"})


async def stamp(request, call_next):
    """Add a header."""
    response = await call_next(request)
    response.headers["X-Stamp"] = "seen"
    return response


around = [Middleware(BaseHTTPMiddleware, dispatch=stamp)]
app = Mangum(Starlette(routes=[Route("/", index)], middleware=around), lifespan="off")
