"""A function that is told of new objects in a bucket."""

from aws_lambda_powertools.utilities.data_classes import S3Event, event_source


@event_source(data_class=S3Event)
def work(event, context):
    """Say which object is new."""
    return event.bucket_name + "/" + event.object_key
