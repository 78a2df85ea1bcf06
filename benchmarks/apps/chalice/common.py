"""One REST view of each common kind."""

from chalice import Chalice, NotFoundError, Response

app = Chalice(app_name="common")


@app.route("/")
def index():
    """Answer with a constant."""
    return {"hello": "world"}


@app.route("/users/{user_id}/orders/{order_id}")
def order(user_id, order_id):
    """Answer with parts of the path and the query."""
    query = app.current_request.query_params or {}
    return {"user": user_id, "order": order_id, "limit": query.get("limit")}


@app.route("/echo", methods=["POST"])
def echo():
    """Answer with the body."""
    return app.current_request.json_body


@app.route("/made")
def made():
    """Answer with a response of the view's own making."""
    return Response(body={"hello": "world"}, headers={"Cache-Control": "no-store"}, status_code=201)


@app.route("/missing")
def missing():
    """Answer with a view error."""
    raise NotFoundError("nothing here")
