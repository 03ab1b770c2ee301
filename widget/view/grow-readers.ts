import { LitElement } from 'lit';

export class GrowReaders extends LitElement {}
