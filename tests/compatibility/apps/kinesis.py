"""Records of Kinesis."""

from chalice import Chalice

app = Chalice(app_name="kinesis")
SEEN = []


@app.on_kinesis_record(stream="stream")
def work(event):
    SEEN.append(type(event).__name__)
    for record in event:
        SEEN.append(
            [
                type(record).__name__,
                record.data,
                record.sequence_number,
                record.partition_key,
                record.schema_version,
                record.timestamp,
                str(record.timestamp.tzinfo),
                record.to_dict(),
                record.context is event.context,
            ]
        )
    SEEN.append(len(list(event)))
    return event.to_dict()


@app.on_kinesis_record("other", 5, "TRIM_HORIZON", "renamed", 10)
def configured(event):
    return [record.data.decode() for record in event]
