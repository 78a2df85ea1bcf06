"""Amazon S3 as an event source of Chalice applications."""
