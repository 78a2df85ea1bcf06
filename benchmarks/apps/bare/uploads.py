"""A function that is told of new objects in a bucket."""

from urllib.parse import unquote_plus


def work(event, context):
    """Say which object is new."""
    told = event["Records"][0]["s3"]
    return told["bucket"]["name"] + "/" + unquote_plus(told["object"]["key"])
