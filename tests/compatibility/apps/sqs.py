"""Messages of SQS."""

from chalice import Chalice

app = Chalice(app_name="sqs")
SEEN = []


@app.on_sqs_message(queue="queue", batch_size=10)
def work(event):
    SEEN.append(type(event).__name__)
    for record in event:
        SEEN.append(
            [
                type(record).__name__,
                record.body,
                record.receipt_handle,
                record.to_dict(),
                record.context.function_name,
                record.context is event.context,
            ]
        )
    SEEN.append([record.body for record in event])
    return event.to_dict()


@app.on_sqs_message(queue_arn="arn:aws:sqs:eu-west-1:123456789012:q", name="renamed", maximum_concurrency=5)
def by_arn(event):
    iterator = iter(event)
    return [next(iterator).body, type(iterator).__name__]


@app.on_sqs_message("positional", 5)
def partial(event):
    return {"batchItemFailures": [{"itemIdentifier": record.to_dict()["messageId"]} for record in event]}


@app.on_sqs_message(queue="length")
def length(event):
    return len(event)
