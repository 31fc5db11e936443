"""What the tables say: Areas, ratings, actions, themes and time, joined and filtered."""
