"""A view with one middleware around it."""

from fastapi import FastAPI
from mangum import Mangum

api = FastAPI()


@api.middleware("http")
async def stamp(request, call_next):
    """Add a header."""
    response = await call_next(request)
    response.headers["X-Stamp"] = "seen"
    return response


@api.get("/")
async def index():
    """Answer with a constant."""
    return {"hello": "world"}


app = Mangum(api, lifespan="off")
