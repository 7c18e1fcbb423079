"""What papers say: from facts to a ``Document``, and what somebody corrected in it."""
