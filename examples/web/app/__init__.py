"""A guest book: a small web app with a database and a background job."""
