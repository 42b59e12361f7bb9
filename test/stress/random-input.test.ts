import { describeRandomCalls } from '../support/random-calls.ts';

describeRandomCalls(Number(process.env.STRESS_INPUTS ?? 5_000));
