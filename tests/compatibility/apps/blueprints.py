"""Blueprints: routes and handlers of every kind, with and without prefixes."""

from chalice import AuthResponse, Blueprint, Chalice, CORSConfig, NotFoundError, Response

app = Chalice(app_name="blueprints")
SEEN = []
plain = Blueprint("chalicelib.plain")
prefixed = Blueprint("chalicelib.prefixed")
families = Blueprint("chalicelib.families")


@plain.route("/plain", methods=["GET", "POST"], cors=True)
def plain_view():
    return [plain.current_request.method, plain.current_app is app, plain.lambda_context.function_name]


@plain.route("/missing", cors=CORSConfig(max_age=5))
def missing():
    plain.log.error("nothing here")
    raise NotFoundError("missing")


@plain.lambda_function()
def plain_function(event, context):
    return [event, context.function_name]


@prefixed.route("/")
def root():
    return prefixed.current_request.path


@prefixed.route("/items/{item}/", methods=["PUT"], content_types=["text/plain"], name="change")
def item(item):
    return Response(item, {"Content-Type": "text/plain"}, 201)


@prefixed.authorizer(name="guard")
def guard(request):
    SEEN.append(["guard", request.token])
    return AuthResponse(["*"], "me")


@prefixed.route("/guarded", authorizer=guard)
def guarded():
    return "guarded"


@prefixed.lambda_function(name="named")
def function(event, context):
    return ["prefixed", event]


@families.on_s3_event(bucket="bucket")
def s3(event):
    SEEN.append(["s3", event.key])
    return "s3"


@families.on_sns_message(topic="topic")
def sns(event):
    SEEN.append(["sns", event.message])
    return "sns"


@families.on_sqs_message(queue="queue", name="queue")
def sqs(event):
    SEEN.append(["sqs", [record.body for record in event]])
    return "sqs"


@families.on_cw_event({"source": ["x"]})
def cloudwatch(event):
    SEEN.append(["cloudwatch", event.source])
    return families.current_app.app_name


@families.schedule("rate(1 hour)")
def scheduled(event):
    SEEN.append(["scheduled", event.time])
    return "scheduled"


@families.on_kinesis_record(stream="stream")
def kinesis(event):
    SEEN.append(["kinesis", [record.data for record in event]])


@families.on_dynamodb_record(stream_arn="arn:aws:dynamodb:eu-west-1:123456789012:table/t/stream/x")
def dynamodb(event):
    SEEN.append(["dynamodb", [record.event_name for record in event]])


app.register_blueprint(plain)
app.register_blueprint(prefixed, name_prefix="pre_", url_prefix="/pre")
app.register_blueprint(families, name_prefix="fam_")


@app.route("/own")
def own():
    return "own"


def entry(path, method="GET"):
    found = app.routes[path][method]
    return {
        "view": found.view_function.__name__,
        "view_name": found.view_name,
        "uri_pattern": found.uri_pattern,
        "view_args": found.view_args,
        "content_types": found.content_types,
        "cors": type(found.cors).__name__,
        "authorizer": found.authorizer and [found.authorizer.name, type(found.authorizer).__name__],
    }
