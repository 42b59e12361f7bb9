-- The policies bind the owner of the tables too: only a superuser passes them by.
ALTER TABLE "provider_call" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "provider_limit" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "provider_statistic" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "provider_value" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "spending" FORCE ROW LEVEL SECURITY;
