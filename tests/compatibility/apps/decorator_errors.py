"""What is refused when a decorator runs."""

from chalice import Chalice

app = Chalice(app_name="decorator_errors")


@app.route("/taken", methods=["GET", "POST"])
def taken():
    return "taken"


@app.lambda_function()
def function(event, context):
    return None


def view():
    return None


def handler(event, context):
    return None
