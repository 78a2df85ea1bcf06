"""Views in two blueprints, one of them under a prefix."""

from chalice import Blueprint, Chalice

pages = Blueprint(__name__)
orders = Blueprint(__name__)


@pages.route("/")
def index():
    """Answer with a constant."""
    return {"hello": "world"}


@orders.route("/{order_id}")
def order(order_id):
    """Answer with a part of the path."""
    return {"order": order_id, "seen": orders.current_request.method}


app = Chalice(app_name="blueprinted")
app.register_blueprint(pages)
app.register_blueprint(orders, url_prefix="/orders")
