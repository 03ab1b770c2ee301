const name = 'grow-messages left';

/** Notes that somebody signs out in this browser now, and nothing else. Without storage only those who listen hear of it. */
export function noteLeaving(): void {
  try {
    localStorage.setItem(name, String(Date.now()));
  } catch {
    // Nothing is kept, here as everywhere.
  }
}

/** Whether somebody signed out in this browser since then: a tab that was just beginning can't have heard it. */
export function hasLeftSince(moment: number): boolean {
  try {
    const left = Number(localStorage.getItem(name));
    // What a clock says that was put back since, is no news.
    return left > moment && left <= Date.now();
  } catch {
    return false;
  }
}
