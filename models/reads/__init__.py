"""Looking: functions that take a read session, an actor and what is asked, and answer rows."""
