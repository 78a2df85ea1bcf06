"""Records of DynamoDB streams."""

from chalice import Chalice

app = Chalice(app_name="dynamodb")
SEEN = []
STREAM = "arn:aws:dynamodb:eu-west-1:123456789012:table/users/stream/2024-01-01T00:00:00.000"
NAMES = (
    "timestamp",
    "keys",
    "new_image",
    "old_image",
    "sequence_number",
    "size_bytes",
    "stream_view_type",
    "aws_region",
    "event_id",
    "event_name",
    "event_source_arn",
    "table_name",
)


@app.on_dynamodb_record(stream_arn=STREAM)
def work(event):
    SEEN.append(type(event).__name__)
    for record in event:
        SEEN.append(
            [type(record).__name__, {name: getattr(record, name) for name in NAMES}, record.to_dict()]
        )
        SEEN.append([record.context.function_name, str(record.timestamp.tzinfo)])
    return event.to_dict()


@app.on_dynamodb_record(STREAM, 5, "TRIM_HORIZON", "renamed", 10)
def tables(event):
    return [record.table_name for record in event]
