-- The policies bind the owner of the tables too: only a superuser passes them by.
ALTER TABLE "definition_head" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "definition_version" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "event" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "account" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "account_domain" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "external_ref" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "import_run" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "observation" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "opportunity" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "person" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "person_account" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "source_mapping" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "source_record" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "rescore_part" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "rescore_run" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "score" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "score_history" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "audit_entry" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "workspace" FORCE ROW LEVEL SECURITY;
