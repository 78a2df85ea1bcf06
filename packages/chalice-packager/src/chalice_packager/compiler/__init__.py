"""What the application's interpreter runs; a folder of its own, so that the script finds no module of ours."""
