-- The policies bind the owner of the tables too: only a superuser passes them by.
ALTER TABLE "hand_off_clock" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "segment_comparison" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "segment_rule" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "segment_rule_event" FORCE ROW LEVEL SECURITY;
