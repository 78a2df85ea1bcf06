"""Messages of AWS IoT Core as events of Chalice applications."""
