import { LitElement } from 'lit';

export class GrowQuickHide extends LitElement {}
