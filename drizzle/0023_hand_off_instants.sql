ALTER TABLE "hand_off" ADD COLUMN "touched_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "hand_off" ADD COLUMN "qualified_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "hand_off" ADD COLUMN "opened_at" timestamp (3) with time zone;