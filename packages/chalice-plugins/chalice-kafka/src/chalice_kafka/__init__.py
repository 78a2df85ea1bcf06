"""Apache Kafka, Amazon MSK or self-managed, as an event source of Chalice applications."""

from chalice_kafka.events import KafkaEvent, KafkaRecord, on_kafka_message

__all__ = ["KafkaEvent", "KafkaRecord", "on_kafka_message"]
