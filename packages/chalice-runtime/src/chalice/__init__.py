"""The Chalice runtime: decorators and dispatch for serverless Python applications, standard library only."""
