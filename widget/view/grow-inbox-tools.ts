import { LitElement } from 'lit';

export class GrowInboxTools extends LitElement {}
