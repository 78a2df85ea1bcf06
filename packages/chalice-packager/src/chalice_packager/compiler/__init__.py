"""What the application's interpreter runs; in a folder of its own, so that it finds no module of ours."""
