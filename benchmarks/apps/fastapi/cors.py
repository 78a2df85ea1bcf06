"""A view that the scripts of other sites may call."""

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from mangum import Mangum

api = FastAPI()
api.add_middleware(
    CORSMiddleware, allow_origins=["https://shop.example"], allow_credentials=True, max_age=600
)


@api.get("/")
async def index():
    """Answer with a constant."""
    return {"hello": "world"}


app = Mangum(api, lifespan="off")
