-- The policies bind the owner of the tables too: only a superuser passes them by.
ALTER TABLE "hand_off" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "hand_off_event" FORCE ROW LEVEL SECURITY;
