"""All of the store in a file that any database can be made of again."""
