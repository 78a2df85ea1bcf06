"""Events of S3."""

from chalice import Chalice

app = Chalice(app_name="s3")
SEEN = []


@app.on_s3_event(bucket="bucket")
def uploaded(event):
    SEEN.append([type(event).__name__, event.bucket, event.key, event.context.function_name])
    return event.to_dict()


@app.on_s3_event("other", ["s3:ObjectRemoved:*"], "images/", ".png", "renamed")
def removed(event):
    return event.key
