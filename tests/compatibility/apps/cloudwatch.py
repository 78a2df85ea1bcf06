"""Events of EventBridge."""

from chalice import Chalice

app = Chalice(app_name="cloudwatch")
SEEN = []


@app.on_cw_event({"source": ["aws.ec2"]})
def all_of_them(event):
    names = (
        "version",
        "account",
        "region",
        "detail",
        "detail_type",
        "source",
        "time",
        "event_id",
        "resources",
    )
    SEEN.append([type(event).__name__, {name: getattr(event, name) for name in names}, event.to_dict()])
    return [event.context.function_name, event.detail]


@app.on_cw_event(event_pattern={"detail-type": ["x"]}, name="renamed")
def named(event):
    return event.source


@app.on_cw_event({})
def crash(event):
    raise RuntimeError(event.detail_type)
