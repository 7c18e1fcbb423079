"""Files from strangers: read in a confined process of their own."""
