"""Files that a report is written as: the same blocks and figures in each of them."""
