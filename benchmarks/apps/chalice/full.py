"""Much of what there is: blueprints, middleware, authorizers, CORS and five event families."""

from chalice import (
    AuthResponse,
    Blueprint,
    Chalice,
    CognitoUserPoolAuthorizer,
    CORSConfig,
    NotFoundError,
    Rate,
    Response,
)

app = Chalice(app_name="full")
app.api.cors = CORSConfig(allow_origin="https://shop.example", allow_credentials=True, max_age=600)
app.api.binary_types.append("application/pdf")
pool = CognitoUserPoolAuthorizer(
    "pool", provider_arns=["arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_AbCdEfGhI"]
)
orders = Blueprint(__name__)


@app.middleware("http")
def stamp(event, get_response):
    """Add a header."""
    response = get_response(event)
    response.headers["X-Stamp"] = "seen"
    return response


@app.middleware("all")
def note(event, get_response):
    """Log before and after."""
    app.log.debug("before")
    answer = get_response(event)
    app.log.debug("after")
    return answer


@app.authorizer(ttl_seconds=60)
def token(request):
    """Admit who brings the right token."""
    return AuthResponse(routes=["/*"] if request.token == "allow" else [], principal_id="somebody")


@app.route("/")
def index():
    """Answer with a constant."""
    return {"hello": "world"}


@app.route("/private", authorizer=token)
def private():
    """Answer those that the function admits."""
    return {"you": app.current_request.context["authorizer"]["principalId"]}


@app.route("/members", authorizer=pool, methods=["GET", "POST"])
def members():
    """Answer those that the user pool admits."""
    return Response(body="", status_code=204)


@orders.route("/{order_id}", methods=["GET", "DELETE"])
def order(order_id):
    """Answer with a part of the path."""
    if order_id == "0":
        raise NotFoundError(order_id)
    return {"order": order_id}


@orders.on_sqs_message(queue="orders", batch_size=10)
def work(event):
    """Read every message."""
    return sum(len(record.body) for record in event)


@app.on_s3_event(bucket="photos", events=["s3:ObjectCreated:*"], suffix=".jpg")
def upload(event):
    """Say which object is new."""
    return event.bucket + "/" + event.key


@app.on_sns_message(topic="news")
def tell(event):
    """Read the notification."""
    return event.message


@app.on_kinesis_record(stream="clicks", batch_size=100)
def count(event):
    """Read every record."""
    return sum(len(record.data) for record in event)


@app.schedule(Rate(5, unit=Rate.MINUTES))
def tick(event):
    """Do nothing, every five minutes."""
    return event.to_dict()


app.register_blueprint(orders, url_prefix="/orders")
