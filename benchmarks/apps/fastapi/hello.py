"""The smallest application."""

from fastapi import FastAPI
from mangum import Mangum

api = FastAPI()


@api.get("/")
async def index():
    """Answer with a constant."""
    return {"hello": "world"}


app = Mangum(api, lifespan="off")
