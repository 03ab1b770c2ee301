import { LitElement } from 'lit';

export class GrowReplyClock extends LitElement {}
