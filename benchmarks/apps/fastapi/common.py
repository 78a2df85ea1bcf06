"""One view of each common kind."""

from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import JSONResponse
from mangum import Mangum

api = FastAPI()


@api.get("/")
async def index():
    """Answer with a constant."""
    return {"hello": "world"}


@api.get("/users/{user_id}/orders/{order_id}")
async def order(user_id: str, order_id: str, limit: str | None = None):
    """Answer with parts of the path and the query."""
    return {"user": user_id, "order": order_id, "limit": limit}


@api.post("/echo")
async def echo(request: Request):
    """Answer with the body."""
    return await request.json()


@api.get("/made")
async def made():
    """Answer with a response of the view's own making."""
    return JSONResponse({"hello": "world"}, 201, headers={"Cache-Control": "no-store"})


@api.get("/missing")
async def missing():
    """Answer with an error."""
    raise HTTPException(404, "nothing here")


app = Mangum(api, lifespan="off")
