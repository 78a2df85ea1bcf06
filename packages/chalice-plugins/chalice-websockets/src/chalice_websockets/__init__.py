"""WebSocket APIs in Chalice applications."""
