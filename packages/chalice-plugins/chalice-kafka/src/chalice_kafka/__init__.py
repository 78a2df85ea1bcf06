"""Apache Kafka, Amazon MSK or self-managed, as an event source of Chalice applications."""
