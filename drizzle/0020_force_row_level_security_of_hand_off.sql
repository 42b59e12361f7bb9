-- The policies bind the owner of the tables too: only a superuser passes them by.
ALTER TABLE "hand_off" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "hand_off_clock" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "hand_off_count" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "hand_off_event" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "hand_off_notice" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "job" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "outbox_event" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "segment_comparison" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "segment_rule" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "segment_rule_event" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "webhook_delivery" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "webhook_endpoint" FORCE ROW LEVEL SECURITY;
