"""Why nothing works: rules that collide, and the cheapest lawful ways out."""
