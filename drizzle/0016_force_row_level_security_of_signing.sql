-- The policies bind the owner of the tables too: only a superuser passes them by.
ALTER TABLE "definition_signature" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "definition_state" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "team_member" FORCE ROW LEVEL SECURITY;
