"""What must always hold of the stored data, each rule as one statement over all of it."""
