"""Users, their roles and tokens, and the entities they act for."""
