import { describeRandomCalls } from '../contract/random-calls.ts';

describeRandomCalls(Number(process.env.STRESS_INPUTS ?? 5_000));
