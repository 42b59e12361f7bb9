-- The policies bind the owner of the tables too: only a superuser passes them by.
ALTER TABLE "block_key" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "identity_index" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "lead_match" FORCE ROW LEVEL SECURITY;
