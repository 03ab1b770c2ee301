import { LitElement } from 'lit';

export class GrowGuide extends LitElement {}
