-- The policies bind the owner of the tables too: only a superuser passes them by.
ALTER TABLE "identity_decision" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "identity_member" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "identity_side" FORCE ROW LEVEL SECURITY;
