"""How an index lies on the disk: catalogue, vectors, segments, generations."""
