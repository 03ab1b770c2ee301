import base from './web-test-runner.config.mjs';
import { summaryReporter } from '@web/test-runner';
export default { ...base, testsFinishTimeout: 400000, reporters: [summaryReporter()] };
