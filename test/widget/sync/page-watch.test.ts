import { expect } from '@open-wc/testing';
import { PageWatch, type Watched } from '../../../widget/sync/page-watch.ts';
import { tellOthers } from '../../../widget/sync/sign-out.ts';

describe('PageWatch', () => {
  const whose = { apiUrl: 'https://messages.test', personId: 'ana' };

  afterEach(() => localStorage.clear());

  /** What is asked of whoever began at that moment, by a watch that begins only now. */
  function watchedSince(since: number): readonly string[] {
    const asked: string[] = [];
    const note = (what: string) => {
      asked.push(what);
      return Promise.resolve();
    };
    const client: Watched = {
      whose,
      since,
      session: { value: 'ready' },
      leave: () => note('leave'),
      putAway: () => asked.push('put away') > 0,
      start: () => note('start'),
    };
    new PageWatch(client).close();
    return asked;
  }

  it('leaves in a tab that was just beginning as another signed out', () => {
    tellOthers(whose);
    expect(watchedSince(Date.now() - 1_000)).to.deep.equal(['leave']);
  });

  it('stays where the clock was put back since then', () => {
    localStorage.setItem('grow-messages left', String(Date.now() + 60_000));
    expect(watchedSince(Date.now())).to.deep.equal([]);
  });

  it('leaves alone who began after that, and keeps nothing of who it was', () => {
    tellOthers(whose);
    expect(watchedSince(Date.now() + 1)).to.deep.equal([]);
    expect(JSON.stringify({ ...localStorage })).to.match(/^\{"grow-messages left":"\d+"\}$/);
  });
});
