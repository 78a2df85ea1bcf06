"""The current request in threads, in requests within requests, and where somebody assigned it."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

from chalice import Chalice

app = Chalice(app_name="concurrency")
SEEN = []
POOL = ThreadPoolExecutor(1)


def name():
    request = app.current_request
    return [request.path, request.headers.get("x-name"), app.lambda_context.aws_request_id]


@app.route("/thread")
def in_thread():
    found = []
    thread = threading.Thread(target=lambda: found.append(name()))
    thread.start()
    thread.join()
    return found


@app.route("/pool")
def in_pool():
    return POOL.submit(name).result()


@app.route("/map")
def in_map():
    with ThreadPoolExecutor(3) as pool:
        return list(pool.map(lambda number: [number, name()[0]], range(4)))


@app.route("/loop")
def in_loop():
    async def ask():
        return name()

    return asyncio.run(ask())


@app.route("/nested")
def nested():
    before = name()
    event = {**app.current_request.to_original_event(), "headers": {"x-name": "inner"}}
    event["requestContext"] = {**event["requestContext"], "resourcePath": "/plain"}
    return [before, app(event, app.lambda_context)["body"], name()]


@app.route("/plain")
def plain():
    return name()


@app.route("/direct")
def direct():
    return plain()


@app.route("/assigned")
def assigned():
    app.current_request = None
    return app.current_request


@app.lambda_function()
def function(event, context):
    return name()


@app.lambda_function()
def asking(event, context):
    answer = app(event, context)
    return [answer["statusCode"], name()]


def from_another_thread():
    return POOL.submit(name).result()
