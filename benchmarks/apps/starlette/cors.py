"""A view that the scripts of other sites may call."""

from mangum import Mangum
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import JSONResponse
from starlette.routing import Route


async def index(request):
    """Answer with a constant."""
    return JSONResponse({"hello": "world"})


around = [
    Middleware(CORSMiddleware, allow_origins=["https://shop.example"], allow_credentials=True, max_age=600)
]
app = Mangum(Starlette(routes=[Route("/", index)], middleware=around), lifespan="off")
