import { describeRandomCalls } from './random-calls.ts';

// many more in the stress run
describeRandomCalls(200);
